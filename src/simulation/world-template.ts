import type { Millis } from '../state/clock.ts'
import type { World, WorldSnapshot } from '../state/world.ts'
import type { Fixture } from './fixture.ts'
import { moved } from './moved-snapshot.ts'

/*
 * A world that was filled from a fixture once can be had again for the price of a list of references: the records are the
 * same, only moved to the present, because times in a fixture count from the clock's now.
 */

/** Of a world that was just filled, for the resets of that very world. */
export class WorldTemplate {
  readonly #snapshot: WorldSnapshot
  readonly #filledAt: Millis
  readonly #movable: boolean

  constructor(world: World, fixture: Fixture) {
    this.#snapshot = world.snapshot()
    this.#filledAt = world.now()
    this.#movable = !saysInstants(fixture)
  }

  /**
   * Puts the world back to when it had just been filled, with all times as if that were now.
   * @returns false when that takes the fixture itself: it names instants, which do not move with the clock, or projects,
   * which have worlds of their own
   */
  restore(world: World): boolean {
    if (this.#snapshot.createdProjects.length > 0 || world.createdProjects.size > 0) return false
    const { clock } = this.#snapshot
    // a stopped clock stands again where it stood, a running one goes on
    const by = clock.frozenAt === undefined ? Date.now() + clock.offset - this.#filledAt : 0
    if (by !== 0 && !this.#movable) return false
    world.restore(by === 0 ? this.#snapshot : moved(this.#snapshot, by))
    return true
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT/

/** Whether the fixture names an instant; one within somebody's data is taken for one too, which only costs time. */
function saysInstants({ clock: _clock, config: _config, whole_config: _whole, ...rest }: Fixture): boolean {
  const found = (value: unknown): boolean => {
    if (typeof value === 'string') return INSTANT.test(value)
    return typeof value === 'object' && value !== null && Object.values(value).some(found)
  }
  return found(rest)
}
