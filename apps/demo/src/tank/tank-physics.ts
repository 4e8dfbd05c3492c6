import { type Random, random } from '@cellstate/core';

/**
 * The physics of the oil tanks, hour by hour. A tank holds a mass m of oil at a temperature T:
 *
 *   m' = m + filled − drawn − leaked
 *   T' = mix of the oil that stayed, eased towards the air by 1 − exp(−1 h / τ), and the oil filled in
 *   τ  = heat of the oil / heat through the wetted wall a degree = density · radius · c / (2 · U)
 *   pressure at the floor = level · density · g = m · g / area          (level = m / (density · area))
 *   reading = pressure or T + sensor noise
 *
 * Oil is drawn from 6 to 20 h, more on busy days; from 22 to 4 h the pumps put back what the meter counted out.
 * A leak runs past the meter, so nobody puts it back.
 */
export const GRAVITY = 9.81;
/** kg/m³ at 15 °C, and the share it loses a degree. */
const DENSITY = { at15: 850, perDegree: 0.0008 } as const;
/** Standard deviation of the sensors: kPa and °C. */
export const SENSOR_NOISE = { pressure: 0.4, temperature: 0.2 } as const;
export const HOURS_A_DAY = 24;

const DRAW_HOURS = { first: 6, end: 20 } as const;
const FILL_HOURS = { first: 22, count: 6 } as const;
/** Relative spread of demand from day to day and from hour to hour. */
const DEMAND = { daySpread: 0.15, hourSpread: 0.2 } as const;
/** °C: the air's daily mean and amplitude, its warmest hour, and clouds that last `memory` of themselves an hour. */
const AIR = { mean: 14, amplitude: 6, warmestHour: 15, memory: 0.8, cloudSpread: 1.2 } as const;
/** °C of the oil that arrives. */
const ARRIVING = { mean: 24, spread: 0.5 } as const;
/** J/(kg K) of oil, and W/(m² K) through a bare steel wall in the wind. */
const HEAT = { ofOil: 2000, throughWall: 22 } as const;
const WARM_UP_DAYS = 3;

/** What a tank is. */
export interface TankBuild {
  readonly name: string;
  /** m² */
  readonly area: number;
  /** kg at the end of each night's refill. */
  readonly targetMass: number;
  /** kg drawn on an average day. */
  readonly dailyDemand: number;
}

/** What a tank holds. */
export interface TankState {
  /** kg */
  readonly mass: number;
  /** °C */
  readonly temperature: number;
}

/** What happens to a tank in one hour. */
export interface TankHour {
  readonly air: number;
  readonly arriving: number;
  readonly drawn: number;
  readonly filled: number;
  readonly leaked: number;
}

/** The state after one hour. */
export function nextState(build: TankBuild, { mass, temperature }: TankState, hour: TankHour): TankState {
  const stayed = mass - hour.drawn - hour.leaked;
  const eased = hour.air + (temperature - hour.air) * Math.exp(-1 / thermalHours(build));
  const total = stayed + hour.filled;
  return { mass: total, temperature: (stayed * eased + hour.filled * hour.arriving) / total };
}

/** The hours in which a tank eases towards the air by 63 %, however full it is. */
export function thermalHours({ area }: TankBuild): number {
  return (DENSITY.at15 * Math.sqrt(area / Math.PI) * HEAT.ofOil) / (2 * HEAT.throughWall * 3600);
}

/** kg/m³ at this temperature. */
export function density(temperature: number): number {
  return DENSITY.at15 * (1 - DENSITY.perDegree * (temperature - 15));
}

/** m */
export function level(build: TankBuild, { mass, temperature }: TankState): number {
  return mass / (density(temperature) * build.area);
}

/** kPa at the floor of the tank. */
export function pressure(build: TankBuild, state: TankState): number {
  return (level(build, state) * density(state.temperature) * GRAVITY) / 1000;
}

/** kg of oil that weigh as much as a pressure of `kPa` at the floor. */
export function massOf(build: TankBuild, kPa: number): number {
  return (kPa * 1000 * build.area) / GRAVITY;
}

/** The air's temperature without clouds. */
export function clearAir(hour: number): number {
  return AIR.mean + AIR.amplitude * Math.cos((2 * Math.PI * ((hour % HOURS_A_DAY) - AIR.warmestHour)) / HOURS_A_DAY);
}

/** The share of a day's demand that falls into an hour of the day; they add up to 1. */
export function demandShare(hour: number): number {
  const clock = hour % HOURS_A_DAY;
  if (clock < DRAW_HOURS.first || clock >= DRAW_HOURS.end) return 0;
  return SHARE_WEIGHT(clock) / SHARE_TOTAL;
}

const SHARE_WEIGHT = (clock: number) => Math.sin((Math.PI * (clock + 0.5 - DRAW_HOURS.first)) / (DRAW_HOURS.end - DRAW_HOURS.first));
const SHARE_TOTAL = Array.from({ length: DRAW_HOURS.end - DRAW_HOURS.first }, (_, index) => SHARE_WEIGHT(DRAW_HOURS.first + index)).reduce(
  (a, b) => a + b,
);

/** How far the clouds of one hour are expected to last into the next. */
export const CLOUD_MEMORY: number = AIR.memory;
export const ARRIVING_MEAN: number = ARRIVING.mean;

/** The share of the metered debt that is pumped back in this hour of the day: an equal part of what is still owed. */
export function refillShare(hour: number): number {
  const sinceStart = ((hour % HOURS_A_DAY) - FILL_HOURS.first + HOURS_A_DAY) % HOURS_A_DAY;
  return sinceStart < FILL_HOURS.count ? 1 / (FILL_HOURS.count - sinceStart) : 0;
}

export interface SimulationOptions {
  readonly seed: number;
  readonly tanks: number;
  readonly days: number;
  /** Absent: all tanks are tight. */
  readonly leak?: Leak;
}

export interface Leak {
  /** Index of the tank. */
  readonly tank: number;
  readonly fromHour: number;
  /** How far the pressure falls in a day, in standard deviations of its sensor. */
  readonly noiseADay: number;
}

/** A tank's life: an entry for each hour. */
export interface TankRecord {
  readonly build: TankBuild;
  /** What the sensors said: `[pressure kPa, temperature °C]`. */
  readonly readings: readonly (readonly [number, number])[];
  /** What was so. */
  readonly states: readonly TankState[];
  readonly hours: readonly TankHour[];
  /** kg metered out and not yet put back, after each hour. */
  readonly owed: readonly number[];
  /** Demand relative to the average day's, known to be constant through a day. */
  readonly busy: readonly number[];
}

/** Simulates a depot. The same seed gives the same demand, weather and noise with and without a leak. */
export function simulateTanks({ seed, tanks, days, leak }: SimulationOptions): readonly TankRecord[] {
  const root = random(seed);
  const warmUp = WARM_UP_DAYS * HOURS_A_DAY;
  const hours = days * HOURS_A_DAY + warmUp;
  return Array.from({ length: tanks }, (_, index) => {
    const stream = root.split(`tank ${index}`);
    const build = drawBuild(index, stream.split('build'));
    const clouds = cloudCover(hours, stream.split('clouds'));
    const record = simulateTank(build, {
      stream,
      clouds,
      hours,
      leakAt: (hour) => (leak?.tank === index && hour - warmUp >= leak.fromHour ? leak.noiseADay : 0),
    });
    return {
      build,
      readings: record.readings.slice(warmUp),
      states: record.states.slice(warmUp),
      hours: record.hours.slice(warmUp),
      owed: record.owed.slice(warmUp),
      busy: record.busy.slice(warmUp),
    };
  });
}

interface Circumstances {
  readonly stream: Random;
  readonly clouds: readonly number[];
  readonly hours: number;
  /** The leak in an hour, in sensor noises a day. */
  readonly leakAt: (hour: number) => number;
}

function simulateTank(build: TankBuild, { stream, clouds, hours, leakAt }: Circumstances): TankRecord {
  const demand = stream.split('demand');
  const oil = stream.split('arriving');
  const noise = stream.split('noise');
  const record = {
    build,
    readings: [] as [number, number][],
    states: [] as TankState[],
    hours: [] as TankHour[],
    owed: [] as number[],
    busy: [] as number[],
  };
  let state: TankState = { mass: build.targetMass, temperature: AIR.mean };
  let owed = 0;
  let busy = 0;
  for (let hour = 0; hour < hours; hour++) {
    if (hour % HOURS_A_DAY === 0) busy = demand.normal(0, DEMAND.daySpread);
    const drawn = build.dailyDemand * demandShare(hour) * Math.max(0, 1 + busy + demand.normal(0, DEMAND.hourSpread));
    const filled = owed * refillShare(hour);
    const leaked = massOf(build, (SENSOR_NOISE.pressure * leakAt(hour)) / HOURS_A_DAY);
    const happens = {
      air: clearAir(hour) + (clouds[hour] as number),
      arriving: oil.normal(ARRIVING.mean, ARRIVING.spread),
      drawn,
      filled,
      leaked,
    };
    state = nextState(build, state, happens);
    owed += drawn - filled;
    record.readings.push([
      pressure(build, state) + noise.normal(0, SENSOR_NOISE.pressure),
      state.temperature + noise.normal(0, SENSOR_NOISE.temperature),
    ]);
    record.states.push(state);
    record.hours.push(happens);
    record.owed.push(owed);
    record.busy.push(busy);
  }
  return record;
}

function drawBuild(index: number, stream: Random): TankBuild {
  const diameter = stream.uniform(1.6, 2.2);
  const area = (Math.PI * diameter ** 2) / 4;
  const targetMass = area * stream.uniform(7, 9) * DENSITY.at15;
  return { name: `T${index + 1}`, area, targetMass, dailyDemand: targetMass * stream.uniform(0.1, 0.14) };
}

function cloudCover(hours: number, stream: Random): number[] {
  const cover: number[] = [];
  for (let hour = 0; hour < hours; hour++) cover.push(AIR.memory * (cover[hour - 1] ?? 0) + stream.normal(0, AIR.cloudSpread));
  return cover;
}
