/** The stable code of what a call throws, or what its promise rejects with. */
export async function codeOf(call: () => unknown): Promise<string> {
  return (await errorOf(call)).code ?? 'nothing thrown';
}

/** The whole message of what a call throws, or what its promise rejects with. */
export async function messageOf(call: () => unknown): Promise<string> {
  return (await errorOf(call)).message;
}

async function errorOf(call: () => unknown): Promise<{ code?: string; message: string }> {
  try {
    await call();
  } catch (error) {
    return error as { code: string; message: string };
  }
  return { message: 'nothing thrown' };
}
