/** The parts of jsfive this package uses. It has no types of its own, and throws strings. */
declare module 'jsfive' {
  export interface Message {
    get(key: 'type' | 'size' | 'offset_to_message'): number;
  }
  export interface DataObjects {
    readonly is_dataset: boolean;
    find_msg_type(type: number): Message[];
    _vlen_size_and_data(buffer: ArrayBuffer, offset: number): [number, ArrayBuffer | undefined];
  }
  export class Group {
    readonly name: string;
    readonly keys: string[];
    readonly attrs: Record<string, unknown>;
    readonly _links: Record<string, number | string>;
    readonly _dataobjects: DataObjects;
    get(name: string): Group | Dataset;
  }
  export const File: new (buffer: ArrayBuffer, name: string) => Group;
  export class Dataset {
    readonly name: string;
    readonly shape: number[];
    readonly dtype: string | unknown[];
    readonly attrs: Record<string, unknown>;
    readonly _dataobjects: DataObjects;
  }
}
