import type { Settings } from '../config/settings.ts'
import type { JsonObject } from '../json.ts'
import type { World } from './world.ts'

/** The worlds of a server by name, as far as projects need them. */
export interface Worlds {
  get(name: string): World | undefined
  /**
   * Makes a world of that name: empty, with this configuration, and kept for as long as the maker's world knows the
   * project.
   */
  make(name: string, from: { readonly maker: World; readonly config: JsonObject; readonly settings: Settings }): World
  end(name: string): void
}

/** For calls that stand alone, such as those that fill a fixture. */
export const NO_WORLDS: Worlds = {
  get: () => undefined,
  make: () => {
    throw new Error('worlds are made by a server only')
  },
  end: () => undefined,
}
