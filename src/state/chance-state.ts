/** How far a world's source of ids has come: what `Chance.restore` needs to continue the same sequence. */
export interface ChanceState {
  readonly block: number
  readonly used: number
}
