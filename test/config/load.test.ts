import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { formatProblem } from '../../src/config/problem.ts'
import { resolveSettings } from '../../src/config/resolve.ts'
import { folder } from './files.ts'

const RECORDED = join(import.meta.dirname, '../../spec/conversations/configurations')
const recorded = readdirSync(RECORDED).filter((name) => /\.(kratos|keto)\.json$/.test(name))

/** The problems of one file, as the user reads them, without the folder. */
function complaints(name: string, text: string): string[] {
  const path = folder({ [name]: text })
  return loadConfig([join(path, name)]).problems.map((problem) => formatProblem(problem).replace(`${path}/`, ''))
}

describe('files of the real servers', () => {
  test.each(recorded)('%s loads without problems', (name) => {
    const { config, problems } = loadConfig([join(RECORDED, name)])
    expect(problems).toEqual([])
    const settings = resolveSettings(config)
    if (name.includes('keto')) expect(settings.namespaces.map((each) => each.name)).toEqual(['files', 'groups'])
    else expect(settings.identity.schemas.map((each) => each.id)).toEqual(['person', 'username'])
  })

  test('a Kratos and a Keto configuration are served together; what both say, the later says', () => {
    const { config } = loadConfig([join(RECORDED, 'mfa.kratos.json'), join(RECORDED, 'keto.keto.json')])
    const settings = resolveSettings(config)
    expect(settings.selfservice.methods.totp).toEqual({ enabled: true, config: { issuer: 'Example' } })
    expect(settings.serve).toMatchObject({ public: { base_url: 'http://127.0.0.1:4433/' }, read: { port: 4466 } })
    expect(settings.namespaces).toHaveLength(2)
  })

  test('known keys without effect are named once each, with the reason', () => {
    const { notices } = loadConfig([join(RECORDED, 'oidc.kratos.json'), join(RECORDED, 'keto.keto.json')])
    expect(notices).toEqual([
      'dsn has no effect: everything is kept in memory.',
      expect.stringMatching(/^selfservice\.methods\.oidc\.config\.providers\.client_secret has no effect: /),
      expect.stringMatching(/^selfservice\.methods\.oidc\.config\.providers\.mapper_url has no effect: Jsonnet /),
      expect.stringMatching(/^courier\.smtp\.connection_uri has no effect: /),
      expect.stringMatching(/^secrets has no effect: /),
      expect.stringMatching(/^hashers\.bcrypt has no effect: /),
    ])
  })

  test('web hooks are named, where they stand', () => {
    const hooks = '[{hook: session}, {hook: web_hook, config: {url: "http://localhost:1/x", method: POST}}]'
    const path = folder({
      'k.yml': `selfservice: {flows: {registration: {before: {hooks: []}, after: {password: {hooks: ${hooks}}}}}}`,
    })
    const { problems, notices } = loadConfig([join(path, 'k.yml')])
    expect(problems).toEqual([])
    expect(notices).toEqual([
      'the hook web_hook in selfservice.flows.registration.after.password.hooks has no effect: the server opens no connection outwards.',
    ])
  })

  test('a configuration of Ory Network is one too', () => {
    const path = folder({
      'project.yml': `
cookies: {domain: x.projects.oryapis.com, path: /, same_site: Lax}
courier:
  smtp: {from_name: Shop via Ory}
  templates: {recovery: {invalid: {email: {body: {}}}, valid: {email: {body: {}}}}}
selfservice:
  flows:
    login: {ui_url: /ui/login, lifespan: 30m0s, before: {hooks: []}, after: {hooks: [], password: {hooks: []}, oidc: {hooks: []}, webauthn: {hooks: []}}}
    settings: {after: {hooks: [], password: {hooks: []}, profile: {hooks: []}}}
    logout: {after: {}}
  methods:
    link: {enabled: true, config: {base_url: "", lifespan: 15m0s}}
    webauthn: {enabled: false, config: {passwordless: false, rp: {display_name: Shop, id: x.projects.oryapis.com, origin: "https://x.projects.oryapis.com"}}}
serve:
  admin: {base_url: "https://x.projects.oryapis.com/", request_log: {disable_for_health: true}}
`,
    })
    expect(loadConfig([join(path, 'project.yml')]).problems).toEqual([])
  })
})

describe('a wrong configuration', () => {
  test('each mistake is named with file, line, column, what is wrong and what to do', () => {
    const text = `dsn: memory
selfservice:
  flows:
    login:
      lifespann: 10m
      ui_url: "http://bad url"
    registration:
      lifespan: 3 days
      after:
        password:
          hooks: [ {hook: sesion} ]
methods:
  password: {enabled: true}
session:
  whoami:
    required_aal: aal3
  cookie: foo
identity:
  schemas:
    - id: person
      url: file://./nope.json
namespaces:
  - name: files
limit: {max_read_depth: 0}
`
    expect(complaints('kratos.yml', text)).toEqual([
      'kratos.yml:5:7: /selfservice/flows/login/lifespann: the key "lifespann" is not known. Did you mean "lifespan"?',
      expect.stringMatching(
        /^kratos\.yml:6:15: \/selfservice\/flows\/login\/ui_url: "http:\/\/bad url" is not an address\. Write /,
      ),
      expect.stringMatching(/^kratos\.yml:8:17: .*: "3 days" is not a duration\. Write a Go duration such as "30m"/),
      expect.stringMatching(
        /^kratos\.yml:11:27: .*"sesion" is not one of the possible values\. Did you mean "session"\?$/,
      ),
      'kratos.yml:12:1: /methods: the key "methods" is not known. It is known as selfservice.methods: check the indentation.',
      expect.stringMatching(/^kratos\.yml:16:19: .*"aal3" is not one of the possible values\. Did you mean "aal1"\?$/),
      'kratos.yml:17:11: /session/cookie: must be an object, not the string "foo".',
      'kratos.yml:23:5: /namespaces/0: the key "id" is missing.',
      'kratos.yml:24:25: /limit/max_read_depth: the number 0 must be >= 1.',
      expect.stringMatching(
        /^kratos\.yml:21:12: \/identity\/schemas\/0\/url: .*nope\.json cannot be read\. Addresses of files are relative/,
      ),
    ])
  })

  test.each([
    ['kratos.json', '{\n  "session": {\n    "lifespan": "1h",\n  }\n}\n', /^kratos\.json:4:3: is not JSON: /],
    ['kratos.json', '{\n  "session": {', /^kratos\.json:2:15: is not JSON: /],
    ['kratos.yml', 'session:\n  lifespan: 1h\n lifespan: 2h\n', /^kratos\.yml:3:1: is not YAML: /],
    [
      'kratos.yml',
      'dsn: memory\nsession: {}\nsession: {}\n',
      /^kratos\.yml:3:1: is not YAML: Map keys must be unique\.$/,
    ],
    ['kratos.yml', 'session: *nothing\n', /^kratos\.yml:1:10: is not YAML: Unresolved alias/],
    ['kratos.yml', '- a list\n', /^kratos\.yml:1:1: must be an object, not a list\.$/],
  ])('%s that cannot be read says where (%j)', (name, text, complaint) => {
    expect(complaints(name, text)).toEqual([expect.stringMatching(complaint)])
  })

  test('a file that is not there is named', () => {
    const [problem] = loadConfig([join(folder({}), 'kratos.yml')]).problems
    expect(problem).toMatchObject({ file: expect.stringMatching(/kratos\.yml$/), message: 'there is no such file.' })
  })

  test('what shows only in use has its line too', () => {
    const text = 'identity:\n  default_schema_id: b\n  schemas:\n    - {id: a, url: "base64://e30="}\n'
    expect(complaints('kratos.yml', text)).toEqual([
      'kratos.yml:2:22: /identity/default_schema_id: no identity schema has the id "b". Known are: a.',
    ])
  })

  test('of several files the one that says it is named', () => {
    const path = folder({
      'a.yml': 'session: {lifespan: 1h}',
      'b.yml': 'identity:\n  default_schema_id: b\n  schemas: [{id: a, url: preset://email}]',
    })
    const { problems } = loadConfig([join(path, 'b.yml'), join(path, 'a.yml')])
    expect(problems).toMatchObject([{ file: join(path, 'b.yml'), line: 2, column: 22 }])
  })

  test('a YAML bomb is refused, not expanded', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `x${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`)
    expect(complaints('kratos.yml', `x0: &a0 lol\n${levels.join('\n')}\n`)).toEqual([
      expect.stringMatching(/is not YAML: Excessive alias count/),
    ])
  })
})

describe('files that a configuration names', () => {
  const schema = '{"$id": "x", "type": "object", "properties": {"traits": {"type": "object"}}}\n'

  test.each(['file://./schemas/a.json', 'file://schemas/a.json', 'schemas/a.json', './schemas/a.json'])(
    '%s is relative to the file that names it',
    (url) => {
      const text = `identity: {schemas: [{id: default, url: "${url}"}]}`
      const path = folder({ 'conf/kratos.yml': text, 'conf/schemas/a.json': schema })
      const { config, problems } = loadConfig([join(path, 'conf/kratos.yml')])
      expect(problems).toEqual([])
      expect(resolveSettings(config).identity.schemas[0]?.raw).toBe(schema)
    },
  )

  test('file:///… is absolute', () => {
    const path = folder({ 'a.json': schema })
    const kratos = folder({ 'kratos.yml': `identity: {schemas: [{id: default, url: "file://${path}/a.json"}]}` })
    expect(resolveSettings(loadConfig([join(kratos, 'kratos.yml')]).config).identity.schemas[0]?.raw).toBe(schema)
  })

  test('namespaces may stand in a file, or in a folder with one file each', () => {
    const path = folder({
      'keto.yml': 'namespaces: file://./namespaces',
      'keto-file.yml': 'namespaces: file://./all.yml',
      'namespaces/0.yml': 'id: 0\nname: files',
      'namespaces/1.json': '{"id": 1, "name": "groups"}',
      'all.yml': '- {id: 7, name: videos}',
    })
    const namespacesOf = (name: string) => resolveSettings(loadConfig([join(path, name)]).config).namespaces
    expect(namespacesOf('keto.yml')).toEqual([
      { id: 0, name: 'files' },
      { id: 1, name: 'groups' },
    ])
    expect(namespacesOf('keto-file.yml')).toEqual([{ id: 7, name: 'videos' }])
    expect(complaints('keto.yml', 'namespaces: file://./none')).toEqual([
      expect.stringMatching(/^keto\.yml:1:13: \/namespaces: .*none cannot be read\./),
    ])
  })

  test('mail templates are read too, and a plain text stays one', () => {
    const text = `courier: {templates: {recovery: {valid: {email: {subject: "Hello", body: {plaintext: "file://./body.gotmpl"}}}}}}`
    const path = folder({ 'kratos.yml': text, 'body.gotmpl': 'Hi {{ .To }}' })
    const { config, problems } = loadConfig([join(path, 'kratos.yml')])
    expect(problems).toEqual([])
    expect(resolveSettings(config).courier.templates).toEqual({
      recovery: { valid: { email: { subject: 'Hello', body: { plaintext: `base64://${btoa('Hi {{ .To }}')}` } } } },
    })
  })
})
