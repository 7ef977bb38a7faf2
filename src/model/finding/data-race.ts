/** Two functions that use one variable, one of them writing, while no operation puts the two uses in order. */
export interface DataRace {
  /** A function's name, or the words for a goroutine that has none of its own. */
  readonly write: string;
  readonly other: string;
}
