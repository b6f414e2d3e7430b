export { CookieJar } from '../../src/verify/cookie-jar.ts'
