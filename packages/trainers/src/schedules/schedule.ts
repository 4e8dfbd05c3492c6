/** A learning rate as a function of the number of steps taken so far (0 before the first). */
export type Schedule = (step: number) => number;
