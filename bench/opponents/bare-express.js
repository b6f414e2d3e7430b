// Bare Express: default classes, both body parsers, one object for each route. PORT and BODIES (a JSON file) are given.
import { readFileSync } from 'node:fs'
import express from 'express'

const { whoami, login } = JSON.parse(readFileSync(process.env.BODIES, 'utf8'))
const app = express()
app.use(express.json())
app.use(express.urlencoded({ extended: false }))
app.get('/sessions/whoami', (_req, res) => res.json(whoami))
app.post('/self-service/login', (_req, res) => res.json(login))
app.listen(Number(process.env.PORT), '127.0.0.1')
