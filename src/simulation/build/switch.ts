import { under } from '../../config/problem.ts'
import type { ThrownSwitch } from '../../state/thrown-switch.ts'
import type { FixtureSwitch } from '../fixture.ts'
import type { SwitchName } from '../switches/switch-names.ts'
import { checkSwitchRequest } from '../switches/thrown.ts'
import type { Build } from './build.ts'

/** A switch that is thrown from the start; `undefined` when there is none of that name. */
export function buildSwitch(
  build: Build,
  entry: SwitchName | FixtureSwitch,
  pointer: string,
): ThrownSwitch | undefined {
  const { id, door = 'scenario', seen = 0, met = 0, met_at, memory, ...request } = said(entry)
  const problems = checkSwitchRequest(request)
  // a name alone has no key that a pointer could name
  build.problems.push(
    ...under(pointer, typeof entry === 'string' ? problems.map((p) => ({ ...p, pointer: '' })) : problems),
  )
  if (problems.length > 0) return undefined
  return {
    id: id ?? build.world.chance.uuid(),
    ...request,
    door,
    seen,
    met,
    ...(met_at === undefined ? {} : { met_at: met_at.map((each) => build.at(each, build.now)) }),
    ...(memory === undefined ? {} : { memory }),
  }
}

const said = (entry: SwitchName | FixtureSwitch): FixtureSwitch => (typeof entry === 'string' ? { name: entry } : entry)
