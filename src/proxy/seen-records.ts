import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** What answers told of identities and relation tuples, as a fixture. */
export class SeenRecords {
  readonly #identities = new Map<string, JsonObject>()
  readonly #passwords = new Map<string, string>()
  readonly #tuples = new Map<string, JsonObject>()

  /** Takes in what an answer brought. @param password what stands for the password that was just given */
  learn(operation: string | undefined, body: Json | undefined, password: string | undefined): void {
    for (const object of objectsIn(body)) {
      if (isIdentity(object)) this.#identities.set(String(object['id']), object)
      else if (isTuple(object) && operation !== 'getExpand')
        this.#tuples.set(JSON.stringify(tupleOf(object)), tupleOf(object))
    }
    const owner = password === undefined ? undefined : ownerIn(body)
    if (owner !== undefined && password !== undefined) this.#passwords.set(owner, password)
  }

  forgetIdentity(id: string): void {
    this.#identities.delete(id)
  }

  /** Those that a query names. */
  forgetTuples(query: URLSearchParams): void {
    for (const [key, tuple] of this.#tuples) {
      const isNamed = ['namespace', 'object', 'relation', 'subject_id'].every(
        (name) => !query.has(name) || query.get(name) === tuple[name],
      )
      if (isNamed) this.#tuples.delete(key)
    }
  }

  fixture(title: string): JsonObject {
    const tuples = [...this.#tuples.values()]
    const namespaces = [...new Set(tuples.flatMap(namespacesOf))].map((name, id) => ({ id, name }))
    return {
      title,
      ...(namespaces.length === 0 ? {} : { config: { namespaces } }),
      identities: [...this.#identities].map(([id, identity]) => identityOf(identity, this.#passwords.get(id))),
      relation_tuples: tuples,
    }
  }
}

function namespacesOf({ namespace, subject_set: set }: JsonObject): string[] {
  return [String(namespace), ...(isJsonObject(set) ? [String(set['namespace'])] : [])]
}

function* objectsIn(value: Json | undefined): Generator<JsonObject> {
  if (Array.isArray(value)) for (const item of value) yield* objectsIn(item)
  if (!isJsonObject(value)) return
  yield value
  for (const member of Object.values(value)) yield* objectsIn(member)
}

const isIdentity = (object: JsonObject): boolean =>
  typeof object['id'] === 'string' && typeof object['schema_id'] === 'string' && isJsonObject(object['traits'])

const isTuple = (object: JsonObject): boolean =>
  ['namespace', 'object', 'relation'].every((name) => typeof object[name] === 'string') &&
  (typeof object['subject_id'] === 'string' || isJsonObject(object['subject_set']))

function tupleOf({ namespace, object, relation, subject_id: id, subject_set: set }: JsonObject): JsonObject {
  return { namespace, object, relation, ...(typeof id === 'string' ? { subject_id: id } : { subject_set: set }) }
}

/** Whose answer it is: of a sign-up or a sign-in. */
function ownerIn(body: Json | undefined): string | undefined {
  const session = isJsonObject(body) ? body['session'] : undefined
  const identity =
    isJsonObject(body) && isJsonObject(body['identity'])
      ? body['identity']
      : isJsonObject(session)
        ? session['identity']
        : undefined
  return isJsonObject(identity) && typeof identity['id'] === 'string' ? identity['id'] : undefined
}

function identityOf(identity: JsonObject, password: string | undefined): JsonObject {
  const { id, schema_id, traits, state, metadata_public: shown, metadata_admin: hidden } = identity
  const addresses = identity['verifiable_addresses']
  const isVerified =
    Array.isArray(addresses) &&
    addresses.length > 0 &&
    addresses.every((each: Json) => isJsonObject(each) && each['verified'] === true)
  return {
    id,
    schema_id,
    traits,
    ...(state === 'inactive' ? { state } : {}),
    ...(password === undefined ? {} : { password }),
    ...(isVerified ? { verified: true } : {}),
    ...(shown === undefined || shown === null ? {} : { metadata_public: shown }),
    ...(hidden === undefined || hidden === null ? {} : { metadata_admin: hidden }),
  }
}
