import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { SwitchRequest } from '../state/thrown-switch.ts'
import { resolveFlows } from './flow-settings.ts'
import { loadIdentitySchemas } from './identity-schemas.ts'
import { resolveMethods } from './method-settings.ts'
import { type Problem, ProblemError } from './problem.ts'
import { Section } from './section.ts'
import type { Namespace, Settings } from './settings.ts'

const HOUR = 3_600_000
const AALS = ['aal1', 'highest_available'] as const
const SAME_SITES = ['Lax', 'Strict', 'None'] as const
const ALGORITHMS = ['bcrypt', 'argon2', 'pbkdf2'] as const

/**
 * A configuration in the form that operations read: Kratos' and Keto's own defaults filled in, durations as milliseconds,
 * identity schemas loaded. Sources: kratos-login-registration-sessions §0,
 * kratos-settings-recovery-verification-mfa §9, admin-keto-projects §5.2.
 * @throws ProblemError with a JSON pointer for each value that cannot be used; unknown keys are left to `checkConfig`
 */
export function resolveSettings(config: JsonObject): Settings {
  const problems: Problem[] = []
  const root = new Section(config, [], problems)
  const cookies = resolveCookies(root.section('cookies'))
  const settings: Settings = {
    serve: resolveServe(root),
    selfservice: {
      default_browser_return_url:
        root.section('selfservice').textUnlessEmpty('default_browser_return_url') ?? '/ui/welcome',
      allowed_return_urls: root.section('selfservice').texts('allowed_return_urls', []),
      allow_loopback_return_urls: root.section('mock').flag('allow_loopback', false),
      flows: resolveFlows(root.section('selfservice').section('flows')),
      methods: resolveMethods(root.section('selfservice').section('methods')),
    },
    session: resolveSession(root.section('session'), cookies),
    cookies,
    identity: resolveIdentity(root.section('identity')),
    courier: resolveCourier(root.section('courier')),
    hashers: { algorithm: root.section('hashers').oneOf('algorithm', ALGORITHMS, 'bcrypt') },
    namespaces: resolveNamespaces(root),
    limit: { max_read_depth: root.section('limit').integer('max_read_depth') ?? 5 },
    mock: {
      switches: resolveSwitches(root.section('mock')),
      disable_api_flow_enforcement: root.section('mock').flag('disable_api_flow_enforcement', false),
    },
  }
  if (problems.length > 0) throw new ProblemError(problems)
  return settings
}

/** Names, and objects with a name; what else they say is checked where they are thrown. */
function resolveSwitches(mock: Section): Settings['mock']['switches'] {
  const is = (entry: Json): entry is string | (JsonObject & SwitchRequest) =>
    typeof entry === 'string' || (isJsonObject(entry) && typeof entry['name'] === 'string')
  return mock.list('switches', 'a list of switches, each by its name', is) ?? []
}

function resolveServe(root: Section): Settings['serve'] {
  const serve = root.section('serve')
  const cors = serve.section('public').section('cors')
  return {
    public: {
      base_url: serve.section('public').textUnlessEmpty('base_url'),
      port: serve.section('public').integer('port'),
      cors: {
        enabled: cors.flag('enabled', false),
        allowed_origins: cors.texts('allowed_origins', ['*']),
        allowed_methods: cors.texts('allowed_methods', ['POST', 'GET', 'PUT', 'PATCH', 'DELETE']),
        allowed_headers: cors.texts('allowed_headers', ['Authorization', 'Content-Type', 'X-Session-Token']),
        exposed_headers: cors.texts('exposed_headers', ['Content-Type']),
        allow_credentials: cors.flag('allow_credentials', true),
        max_age: cors.integer('max_age') ?? 0,
        allow_loopback: root.section('mock').flag('allow_loopback', false),
      },
    },
    admin: {
      base_url: serve.section('admin').textUnlessEmpty('base_url'),
      port: serve.section('admin').integer('port'),
    },
    read: { port: serve.section('read').integer('port') },
    write: { port: serve.section('write').integer('port') },
  }
}

function resolveCookies(cookies: Section): Settings['cookies'] {
  return {
    domain: cookies.textUnlessEmpty('domain'),
    path: cookies.textUnlessEmpty('path') ?? '/',
    same_site: cookies.oneOf('same_site', SAME_SITES, 'Lax'),
  }
}

function resolveSession(session: Section, cookies: Settings['cookies']): Settings['session'] {
  const cookie = session.section('cookie')
  return {
    lifespan: session.duration('lifespan', 24 * HOUR),
    earliest_possible_extend: session.duration('earliest_possible_extend', 24 * HOUR),
    cookie: {
      name: cookie.textUnlessEmpty('name') ?? 'ory_kratos_session',
      persistent: cookie.flag('persistent', true),
      domain: cookie.textUnlessEmpty('domain') ?? cookies.domain,
      path: cookie.textUnlessEmpty('path') ?? cookies.path,
      same_site: cookie.oneOf('same_site', SAME_SITES, cookies.same_site),
    },
    whoami: { required_aal: session.section('whoami').oneOf('required_aal', AALS, 'highest_available') },
  }
}

function resolveIdentity(identity: Section): Settings['identity'] {
  const entries = identity.sections('schemas') ?? []
  const schemas = loadIdentitySchemas(entries)
  const default_schema_id = identity.textUnlessEmpty('default_schema_id') ?? 'default'
  if (entries.length === 0) {
    const fallback = new Section(
      { id: default_schema_id, url: 'preset://email' },
      ['identity', 'schemas', 0],
      identity.problems,
    )
    return { default_schema_id, schemas: loadIdentitySchemas([fallback]) }
  }
  const ids = entries.map((entry) => entry.text('id'))
  if (!ids.includes(default_schema_id)) {
    const known = ids.filter((id) => id !== undefined).join(', ')
    identity.problem(
      'default_schema_id',
      `no identity schema has the id ${JSON.stringify(default_schema_id)}.`,
      `Known are: ${known}.`,
    )
  }
  return { default_schema_id, schemas }
}

function resolveCourier(courier: Section): Settings['courier'] {
  const smtp = courier.section('smtp')
  return {
    smtp: {
      from_address: smtp.textUnlessEmpty('from_address') ?? 'no-reply@ory.kratos.sh',
      from_name: smtp.textUnlessEmpty('from_name'),
    },
    templates: courier.object('templates') ?? {},
  }
}

function resolveNamespaces(root: Section): Namespace[] {
  if (typeof root.raw('namespaces') === 'string') {
    root.problem(
      'namespaces',
      'files are read only when the server starts.',
      'List them: [{"id": 0, "name": "files"}].',
    )
    return []
  }
  return (root.sections('namespaces') ?? []).flatMap((entry) => {
    const id = entry.integer('id')
    const name = entry.text('name')
    if (id === undefined) entry.problem('id', 'is missing.', 'Give every namespace an id, a whole number.')
    if (name === undefined) entry.problem('name', 'is missing.', 'Give every namespace a name.')
    return id === undefined || name === undefined ? [] : [{ id, name }]
  })
}
