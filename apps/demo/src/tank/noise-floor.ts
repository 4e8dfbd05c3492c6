import {
  ARRIVING_MEAN,
  CLOUD_MEMORY,
  clearAir,
  demandShare,
  HOURS_A_DAY,
  nextState,
  pressure,
  refillShare,
  type TankRecord,
  type TankState,
} from './tank-physics.ts';

/**
 * What somebody would forecast who knows the physics, the true mass and temperature, the clouds and how busy the day is at the
 * hour `origin`, but not the demand, weather and sensor noise to come. No forecaster who has only readings can know more,
 * so its error is the floor. Row h − 1 is `[pressure, temperature]` at `origin + h`.
 */
export function bestForecast(record: TankRecord, { origin, steps }: { origin: number; steps: number }): [number, number][] {
  const { build } = record;
  let state = record.states[origin] as TankState;
  let owed = record.owed[origin] as number;
  let clouds = (record.hours[origin]?.air as number) - clearAir(origin);
  let busy = record.busy[origin] as number;
  return Array.from({ length: steps }, (_, index) => {
    const hour = origin + index + 1;
    if (hour % HOURS_A_DAY === 0) busy = 0;
    clouds *= CLOUD_MEMORY;
    const drawn = build.dailyDemand * demandShare(hour) * (1 + busy);
    const filled = owed * refillShare(hour);
    const leaked = record.hours[origin]?.leaked as number;
    state = nextState(build, state, { air: clearAir(hour) + clouds, arriving: ARRIVING_MEAN, drawn, filled, leaked });
    owed += drawn - filled;
    return [pressure(build, state), state.temperature];
  });
}
