import { createHash, pbkdf2Sync } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { errorOf, type Kratos, kratos, saidBy } from './kratos.ts'

let server: Kratos
beforeEach(() => {
  server = kratos()
})

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
const pbkdf2 = (name: string, digest: string, password: string) => {
  const salt = createHash('sha256').update(name).digest()
  return `$pbkdf2-${name}$i=10,l=99$${unpadded(salt)}$${unpadded(pbkdf2Sync(password, salt, 10, 24, digest))}`
}

/** Hashes of `123456`, those of the real servers' documentation among them. */
const HASHES = [
  '$2a$10$ZsCsoVQ3xfBG/K2z2XpBf.tm90GZmtOqtqWcB5.pYd5Eq8y7RlDyq',
  '$2b$10$ZsCsoVQ3xfBG/K2z2XpBf.tm90GZmtOqtqWcB5.pYd5Eq8y7RlDyq',
  '$2y$10$ZsCsoVQ3xfBG/K2z2XpBf.tm90GZmtOqtqWcB5.pYd5Eq8y7RlDyq',
  '$argon2i$v=19$m=65536,t=3,p=4$STVE4CQ9qQ1dK/j224VMbA$o8b+k5wdHgBqf7ES+aWG2K7Y9diQ6ahEhbW8zcstXGo',
  '$argon2id$v=19$m=16,t=2,p=1$bVI1aE1SaTV6SGQ3bzdXdw$fnjCcZYmEPOUOjYXsT92Cg',
  '$pbkdf2-sha256$i=1000,l=128$e8/arsEf4cvQihdNgqj0Nw$5xQQKNTyeTHx2Ld5/JDE7A',
  pbkdf2('sha1', 'sha1', '123456'),
  pbkdf2('sha512', 'sha512', '123456'),
  // the digests of the third generation, under the names of the second
  pbkdf2('sha224', 'sha3-224', '123456'),
  pbkdf2('sha384', 'sha3-384', '123456'),
  pbkdf2('sha999', 'sha256', '123456'),
]

const imported = (hashed_password: string) => ({ password: { config: { hashed_password } } })

describe('an imported hash', () => {
  it('signs in with its password, twice, and with no other', async () => {
    for (const [i, hash] of HASHES.entries()) {
      const email = `p${i}@example.org`
      await server.person(email, { credentials: imported(hash) })
      expect([await server.signIn(email, '1234567'), hash]).toEqual([400, hash])
      expect([await server.signIn(email, '123456'), hash]).toEqual([200, hash])
      expect(await server.signIn(email, '123456')).toBe(200)
    }
  })

  it('of a known kind is taken in whatever follows, and then lets nobody in', async () => {
    for (const [i, hash] of [
      '$2a$x',
      '$argon2id$v=18$m=16,t=2,p=1$YQ$YQ',
      '$argon2i$',
      '$pbkdf2-sha1$i=1,l=1$YQ=$YQ',
    ].entries()) {
      const email = `p${i}@example.org`
      await server.person(email, { credentials: imported(hash) })
      expect(await server.signIn(email, '123456')).toBe(400)
    }
  })

  it('of any other kind is refused', async () => {
    for (const hash of ['plain', '', '$argon2d$v=19$m=16,t=2,p=1$YQ$YQ', '$scrypt$x', '$2c$10$x', '$pbkdf2-md5$x']) {
      const body = { traits: { email: 'ann@example.org' }, credentials: imported(hash) }
      const reply = await server.agent.post('/admin/identities').send(body)
      expect(errorOf(reply)['reason']).toBe(
        'The imported password does not match any known hash format. For more information see https://www.ory.sh/dr/2',
      )
    }
  })
})

describe('an imported password', () => {
  it('follows no policy, and wins over a hash beside it', async () => {
    const config = { password: 'a', hashed_password: 'plain' }
    await server.person('ann@example.org', { credentials: { password: { config } } })
    expect(await server.signIn('ann@example.org', 'a')).toBe(200)
  })

  it('may be no longer than bcrypt can hash, while bcrypt is configured', async () => {
    const body = (name: string, length: number) => ({
      traits: { email: `${name}@example.org` },
      credentials: { password: { config: { password: 'ü'.repeat(length) } } },
    })
    expect((await server.agent.post('/admin/identities').send(body('ann', 36))).status).toBe(201)
    const refused = await server.agent.post('/admin/identities').send(body('bob', 37))
    expect([refused.status, errorOf(refused)['message']]).toEqual([
      500,
      'I[#/password] S[] the password does not fulfill the password policy because: passwords are limited to a maximum length of 72 characters',
    ])
    const argon = kratos({ hashers: { algorithm: 'argon2' } })
    expect((await argon.agent.post('/admin/identities').send(body('bob', 37))).status).toBe(201)
  })
})

describe('a password that somebody chooses', () => {
  const chosen = async (password: string, config = {}) => {
    server = kratos({ selfservice: { methods: { password: { config } } } })
    const reply = await server.signUp({ method: 'password', password, traits: { email: 'annabel@example.org' } })
    return reply.status === 200 ? undefined : saidBy(reply)['password']
  }
  const because = (reason: string) => [`The password can not be used because ${reason}.`]

  it('has eight bytes at least, or as many as configured', async () => {
    expect(await chosen('a1B2c')).toEqual(because('password length must be at least 8 characters but only got 5'))
    expect(await chosen('üüüü')).toBeUndefined()
    const reason = because('password length must be at least 12 characters but only got 8')
    expect(await chosen('tulip-42', { min_password_length: 12 })).toEqual(reason)
  })

  it('is not like the identifier: five letters away, and no half of it in one piece', async () => {
    const similar = because('the password is too similar to the user identifier')
    for (const password of ['annabel@example.com', 'ANNABEL@EXAMPLE.ORG', 'annabel42', 'xx@example.o']) {
      expect([await chosen(password), password]).toEqual([similar, password])
      expect(await chosen(password, { identifier_similarity_check_enabled: false })).toBeUndefined()
    }
    expect(await chosen('annabxxxxx')).toBeUndefined()
  })

  it('was in no breach, as far as the built-in list goes, unless nobody asks', async () => {
    const breached = because('the password has been found in data breaches and must no longer be used')
    expect(await chosen('iloveyou1', { haveibeenpwned_enabled: true })).toEqual(breached)
    expect(await chosen('iloveyou1', { haveibeenpwned_enabled: true, max_breaches: 2_000_000 })).toBeUndefined()
    expect(await chosen('iloveyou1', { haveibeenpwned_enabled: false })).toBeUndefined()
  })

  it('is kept as a salted hash', async () => {
    await server.signUp({ method: 'password', password: 'wet-tulip-42', traits: { email: 'ann@example.org' } })
    await server.signUp({ method: 'password', password: 'wet-tulip-42', traits: { email: 'bob@example.org' } })
    const hashes = [...server.world.identities.values()].map(
      (each) => each.credentials.password?.config.hashed_password,
    )
    expect(new Set(hashes).size).toBe(2)
    expect(hashes.join()).not.toContain('wet-tulip-42')
  })
})

describe('a hash of another algorithm than the configured one', () => {
  it('is replaced by the first login, as credentials and addresses are written anew', async () => {
    const hash = pbkdf2('sha256', 'sha256', '123456')
    const { id } = await server.person('ann@example.org', { credentials: imported(hash) })
    const stored = () => server.world.identities.get(id)?.credentials.password?.config.hashed_password
    expect(await server.signIn('ann@example.org', '1234567')).toBe(400)
    expect(stored()).toBe(hash)
    expect(await server.signIn('ann@example.org', '123456')).toBe(200)
    expect(stored()).not.toBe(hash)
    expect(await server.signIn('ann@example.org', '123456')).toBe(200)
  })

  it('stays when the password is too long for bcrypt: the login is refused at its node', async () => {
    const password = 'x'.repeat(73)
    await server.person('ann@example.org', { credentials: imported(pbkdf2('sha256', 'sha256', password)) })
    const flow = await server.agent.get('/self-service/login/api')
    const body = { method: 'password', identifier: 'ann@example.org', password }
    const reply = await server.agent.post(`/self-service/login?flow=${flow.body.id}`).send(body)
    expect(saidBy(reply)['password']?.[0]).toContain('passwords are limited to a maximum length of 72 characters')
  })
})
