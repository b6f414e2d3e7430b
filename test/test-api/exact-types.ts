import { createOryMock, type Fixture, type OryMock } from '../../src/index.ts'

/*
 * Never run: what does not compile here, and what does. A line under `@ts-expect-error` that compiled would itself be an
 * error. The type-check of this repository reads it, and that of the published declarations.
 */

export async function right(mock: OryMock): Promise<void> {
  await createOryMock({ fixture: 'team', scenario: 'expired-flow', config: { session: { lifespan: '1h' } } })
  await createOryMock({ fixture: { file: 'fixtures/mine.json' }, scenario: { file: 'scenarios/mine.json' } })
  await createOryMock({ fixture: { identities: [{ email: 'ada@example.com' }], switches: ['aal2-required'] } })
  await mock.throw('aal2-required')
  const thrown = await mock.throw({ name: 'internal-error', operation: 'toSession', times: 1, after: 2 })
  await mock.throw({ name: 'slow', operation: 'submitSelfServiceLoginFlow', parameters: { delay: '300ms' } })
  await mock.throw({ name: 'flaky', probability: 0.5, seed: 'a' })
  await mock.switches.clear(thrown)
  await mock.clock.advance('1h30m')
  await mock.clock.advance('300ms')
  await mock.scenario('recovery-link-expired')
  await mock.scenario({ name: 'of-a-file-beside-the-server' })
  const ada = await mock.identity({ email: 'ada@example.com', password: 'sand-castle-4711', totp: true })
  await ada.session({ aal: 'aal2', methods: ['password', 'totp'], age: '2h' })
  await mock.session({ identity: ada.email satisfies 'ada@example.com', aal: 'aal1' })
  await mock.journal.called(
    { operation: 'toSession', status: [200, '4xx'], headers: { accept: /json/ } },
    { atLeast: 2 },
  )
  await mock.tuple('files:report#view@ada', 'files:report#view@groups:team#member')
  await mock.tuple({ namespace: 'files', object: 'report', relation: 'view', subject_id: 'ada' })
}

export async function wrong(mock: OryMock): Promise<void> {
  // @ts-expect-error: a fixture that is not built in
  await createOryMock({ fixture: 'taem' })
  // @ts-expect-error: a scenario that is not built in
  await createOryMock({ scenario: 'expired-flwo' })
  // @ts-expect-error: an option that is none
  await createOryMock({ fixtures: 'team' })
  // @ts-expect-error: a dialect that is none
  await createOryMock({ dialect: 'wired' })
  // @ts-expect-error: a switch that is none, in a fixture
  const fixture: Fixture = { switches: ['aal2-requried'] }
  // @ts-expect-error: a list that no world has
  await mock.setState({ identites: fixture.identities })
  // @ts-expect-error: a switch that is none
  await mock.throw('aal2-requried')
  // @ts-expect-error: a switch that is none, with what narrows it
  await mock.throw({ name: 'aal2-requried', times: 1 })
  // @ts-expect-error: an operation that is none
  await mock.throw({ name: 'internal-error', operation: 'toSesion' })
  // @ts-expect-error: what narrows no switch
  await mock.throw({ name: 'internal-error', time: 1 })
  // @ts-expect-error: a unit that is none
  await mock.clock.advance('1 hour')
  // @ts-expect-error: no unit
  await mock.clock.advance('10')
  // @ts-expect-error: a number
  await mock.clock.advance(10)
  // @ts-expect-error: an operation that is none
  await mock.journal.called('toSesion')
  // @ts-expect-error: an operation that is none, with what the call is like
  await mock.journal.calledOnce({ operation: 'toSesion', status: 200 })
  // @ts-expect-error: a part that no call has
  await mock.journal.neverCalled({ operation: 'toSession', state: 200 })
  // @ts-expect-error: a class of statuses that is none
  await mock.journal.called({ status: '6xx' })
  // @ts-expect-error: an operation that is none, among others
  await mock.journal.calledInOrder('toSession', 'toSesion')
  // @ts-expect-error: an operation that is none
  await mock.journal.entries({ operation: 'toSesion' })
  // @ts-expect-error: a scenario that is not built in
  await mock.scenario('expired-flwo')
  // @ts-expect-error: a key that no identity has
  const ada = await mock.identity({ emial: 'ada@example.com' })
  // @ts-expect-error: a level that is none
  await ada.session({ aal: 'aal3' })
  // @ts-expect-error: a method that is none
  await ada.session({ methods: ['passwrod'] })
  // @ts-expect-error: an age that is no duration
  await mock.session({ identity: 'ada@example.com', age: 'yesterday' })
  // @ts-expect-error: nobody
  await mock.session({ aal: 'aal1' })
  // @ts-expect-error: no relation
  await mock.tuple('files:report@ada')
  // @ts-expect-error: no subject
  await mock.tuple({ namespace: 'files', object: 'report', relation: 'view' })
}
