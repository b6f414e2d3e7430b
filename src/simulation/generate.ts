import { createHash } from 'node:crypto'
import type { JsonSchema, Random } from 'json-schema-faker'
import { type Problem, ProblemError, under } from '../config/problem.ts'
import { resolveSettings } from '../config/resolve.ts'
import type { Settings } from '../config/settings.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { networkDefaults } from '../projects/network-defaults.ts'
import { type ConfigOptions, configOf } from './build-world.ts'
import type { Fixture, FixtureIdentity, Generate } from './fixture.ts'

const SYLLABLES = ['ba', 'de', 'fi', 'go', 'ku', 'la', 'me', 'ni', 'po', 'ru', 'sa', 'te', 'vi', 'xo', 'zu']
const MAX_DEPTH = 20

/**
 * The fixture with its `generate` entries replaced by that many identities, whose traits json-schema-faker makes from the
 * identity schema; the same seed makes the same people. A fixture without such entries is returned as it is, and the
 * generator is not even loaded.
 * @param options the configuration that it will be applied over, whose schemas count
 * @throws ProblemError for an unknown schema
 */
export async function generateIdentities(fixture: Fixture, options: ConfigOptions): Promise<Fixture> {
  const own = fixture.identities?.some(({ generate }) => generate)
    ? await generateOwn(fixture, resolveSettings(configOf(fixture, options)).identity)
    : fixture
  if (!own.projects?.some(({ world }) => world)) return own
  const projects = []
  for (const [index, project] of own.projects.entries()) {
    const { name, slug = '', world = {} } = project
    try {
      const startConfig = networkDefaults({ name, slug })
      projects.push({ ...project, world: await generateIdentities(world, { startConfig }) })
    } catch (error) {
      if (error instanceof ProblemError) throw new ProblemError(under(`/projects/${index}/world`, error.problems))
      throw error
    }
  }
  return { ...own, projects }
}

async function generateOwn(fixture: Fixture, identity: Settings['identity']): Promise<Fixture> {
  const { generateSync } = await import('json-schema-faker')
  const problems: Problem[] = []
  // the first takes the place of the entry and the others come last, so that pointers to all other entries stay true
  const others: FixtureIdentity[] = []
  const identities = (fixture.identities ?? []).map((entry, index): FixtureIdentity => {
    if (!entry.generate) return entry
    const pointer = `/identities/${index}/generate`
    const { schema: id = identity.default_schema_id } = entry.generate
    const schema = identity.schemas.find((each) => each.id === id)
    if (!schema) {
      problems.push({ pointer: `${pointer}/schema`, message: `no identity schema has the id ${JSON.stringify(id)}.` })
      return {}
    }
    const make = (seed: number, formats: Formats) =>
      generateSync(withTraits(schema.schema) as JsonSchema, {
        seed,
        formats,
        maxDepth: MAX_DEPTH,
        alwaysFakeOptionals: true,
        outputTransform: (value, part) => friendlier(value, part, seed),
      })
    const made = people(entry.generate, index, make).map((traits) => ({ ...rest(entry), schema_id: id, traits }))
    others.push(...made.slice(1))
    return made[0] ?? {}
  })
  if (problems.length > 0) throw new ProblemError(problems)
  return { ...fixture, identities: [...identities, ...others] }
}

type Formats = Record<string, (random: Random) => string>

/** What stands beside `generate` is every generated identity's. */
function rest({ generate, ...others }: FixtureIdentity): FixtureIdentity {
  return generate?.password === undefined ? others : { ...others, password: generate.password }
}

function people(
  { count, seed = '1' }: Generate,
  index: number,
  make: (seed: number, formats: Formats) => unknown,
): JsonObject[] {
  return Array.from({ length: count }, (_, number) => {
    // an e-mail carries the number, so that no two are the same, at a domain that is nobody's
    const email = () => `person${index === 0 ? '' : `.${index}`}.${number + 1}@example.com`
    const made = make(numberOf(`${seed}/${index}/${number}`), { email, 'idn-email': email })
    const traits = isJsonObject(made) ? made['traits'] : undefined
    return isJsonObject(traits) ? traits : {}
  })
}

function withTraits(schema: JsonObject): JsonObject {
  return { ...schema, required: ['traits'] }
}

/** Plain texts become words that can be read aloud. */
function friendlier(value: unknown, schema: JsonSchema, seed: number): unknown {
  if (typeof value !== 'string' || typeof schema !== 'object' || schema.type !== 'string') return value
  const { format, pattern, enum: values, const: constant, minLength = 0, maxLength = 12 } = schema
  if (format !== undefined || pattern !== undefined || values !== undefined || constant !== undefined) return value
  let word = ''
  const bytes = createHash('sha256').update(`${seed}/${value}`).digest()
  for (const byte of bytes) {
    if (word.length >= Math.max(minLength, Math.min(6, maxLength))) break
    word += SYLLABLES[byte % SYLLABLES.length]
  }
  const fitting = word.slice(0, maxLength)
  return fitting.length < minLength ? value : fitting.charAt(0).toUpperCase() + fitting.slice(1)
}

function numberOf(seed: string): number {
  return createHash('sha256').update(seed).digest().readUInt32BE(0)
}
