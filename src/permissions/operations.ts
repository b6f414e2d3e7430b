import type { Operation } from '../http/call.ts'
import { getCheck, getCheckMirrorStatus, postCheck, postCheckMirrorStatus } from './checks.ts'
import { getExpand } from './expand.ts'
import { createRelationTuple, deleteRelationTuples, getRelationTuples, patchRelationTuples } from './relation-tuples.ts'

/** The operations on relation tuples, by their `operationId`. */
export const permissionOperations: Readonly<Record<string, Operation>> = {
  createRelationTuple,
  patchRelationTuples,
  deleteRelationTuples,
  getRelationTuples,
  getCheck,
  postCheck,
  getCheckMirrorStatus,
  postCheckMirrorStatus,
  getExpand,
}
