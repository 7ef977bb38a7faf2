/** Two functions that use one variable, one of them writing, while no operation puts the two uses in order. */
export interface DataRace {
  readonly write: string;
  readonly other: string;
}
