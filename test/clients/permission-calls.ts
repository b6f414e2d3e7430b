import type * as network from '@ory/client'
import type * as selfHosted from '@ory/keto-client'

/* A call of each method that is for relation tuples. Both packages have them alike. */

/** Methods that both packages have. */
type Alike<A, B> = Pick<A, keyof A & keyof B>
export interface ReadClient extends Omit<Alike<network.ReadApi, selfHosted.ReadApi>, 'getExpand'> {
  getExpand(namespace: string, object: string, relation: string): Promise<unknown>
}
export type WriteClient = Alike<network.WriteApi, selfHosted.WriteApi>

export interface Permissions {
  readonly read: ReadClient
  readonly write: WriteClient
}

const ALLOWED = { namespace: 'files', object: 'doc', relation: 'view', subject_id: 'ann' } as const

const allow = ({ write }: Permissions) => write.createRelationTuple(ALLOWED)

export const PERMISSION_CALLS: Readonly<
  Record<keyof ReadClient | keyof WriteClient, (permissions: Permissions) => Promise<unknown>>
> = {
  createRelationTuple: allow,
  async patchRelationTuples({ write }) {
    const subject_set = { namespace: 'files', object: 'doc', relation: 'view' }
    await write.patchRelationTuples([
      { action: 'insert', relation_tuple: { namespace: 'files', object: 'copy', relation: 'view', subject_set } },
    ])
  },
  async getRelationTuples(permissions) {
    await allow(permissions)
    await permissions.read.getRelationTuples(undefined, 10, 'files')
  },
  async getCheck(permissions) {
    await allow(permissions)
    await permissions.read.getCheck('files', 'doc', 'view', 'ann')
  },
  async postCheck(permissions) {
    await allow(permissions)
    await permissions.read.postCheck(undefined, ALLOWED)
  },
  // the document names no parameters for these two: what is asked goes in the options of the request
  async getCheckMirrorStatus(permissions) {
    await allow(permissions)
    await permissions.read.getCheckMirrorStatus({ params: ALLOWED })
  },
  async postCheckMirrorStatus(permissions) {
    await allow(permissions)
    await permissions.read.postCheckMirrorStatus({ data: ALLOWED, headers: { 'Content-Type': 'application/json' } })
  },
  async getExpand(permissions) {
    await allow(permissions)
    await permissions.read.getExpand('files', 'doc', 'view')
  },
  deleteRelationTuples: ({ write }) => write.deleteRelationTuples('files'),
}
