export { pointed } from '../../src/verify/pointed.ts'
