/** Who did what: an append-only log in which each entry vouches for all before it. The chain is keyed
 *  from outside the database, so that who can write the database still cannot rewrite history. */
import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { MongoServerError } from 'mongodb'
import type { Json } from '../contract/json.ts'
import { canonicalJson } from './canonical-json.ts'
import type { Database } from './database.ts'
import { deriveKey } from './secrets.ts'

export interface AuditInput {
  who: string
  action: string
  subject: string
  details: Record<string, Json>
}

interface AuditDocument extends AuditInput {
  /** Position in the chain, from 1. */
  _id: number
  at: Date
  prev: string
  hash: string
}

export interface AuditView extends AuditInput {
  seq: number
  at: string
}

export type AuditVerdict =
  { ok: true; entries: number } | { ok: false; seq: number; reason: string }

/** The longest the chain was, kept apart, so that cutting off its end shows. */
interface HeadDocument {
  _id: 'audit_head'
  seq: number
  hash: string
}

const START = 'start'
const DUPLICATE_KEY = 11_000
const TRIES = 500

export function createAuditLog(database: Database, secretsKey: Buffer) {
  const entries = database.collection<AuditDocument>('audit')
  const heads = database.collection<HeadDocument>('settings')
  const key = deriveKey(secretsKey, 'audit')
  /** One at a time within this process; other processes are met by the unique position. */
  let queue: Promise<unknown> = Promise.resolve()

  const hashOf = (entry: Omit<AuditDocument, 'hash'>): string =>
    createHmac('sha256', key).update(canonicalJson(entry)).digest('base64url')

  const link = async (input: AuditInput): Promise<AuditDocument> => {
    const last = await entries.find().sort({ _id: -1 }).limit(1).next()
    const entry = {
      _id: (last?._id ?? 0) + 1,
      at: new Date(),
      who: input.who,
      action: input.action,
      subject: input.subject,
      details: input.details,
      prev: last?.hash ?? START,
    }
    return { ...entry, hash: hashOf(entry) }
  }

  const insert = async (input: AuditInput): Promise<void> => {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const entry = await link(input)
      try {
        await entries.insertOne(entry)
        await raiseHead(entry)
        return
      } catch (error) {
        if (!isDuplicate(error)) throw error
        await sleep(Math.random() * 10)
      }
    }
    throw new Error('The audit log could not be written: too many writers at once.')
  }

  const raiseHead = async ({ _id: seq, hash }: AuditDocument): Promise<void> => {
    try {
      await heads.updateOne(
        { _id: 'audit_head', seq: { $lt: seq } },
        { $set: { seq, hash } },
        { upsert: true },
      )
    } catch (error) {
      // A later writer has raised it further already.
      if (!isDuplicate(error)) throw error
    }
  }

  return {
    append(input: AuditInput): Promise<void> {
      const plain = JSON.parse(JSON.stringify(input)) as AuditInput
      const done = queue.then(() => insert(plain))
      queue = done.catch(() => undefined)
      return done
    },

    /** Newest first, from the one before `before`. */
    async list(limit: number, before?: number): Promise<AuditView[]> {
      const found = await entries
        .find(before === undefined ? {} : { _id: { $lt: before } })
        .sort({ _id: -1 })
        .limit(limit)
        .toArray()
      return found.map(({ _id, at, who, action, subject, details }) => ({
        seq: _id,
        at: at.toISOString(),
        who,
        action,
        subject,
        details,
      }))
    },

    /** Walks the whole chain; names the first entry that does not hold. */
    async verifyAudit(): Promise<AuditVerdict> {
      const head = await heads.findOne({ _id: 'audit_head' })
      let prev = START
      let seq = 0
      for await (const stored of entries.find().sort({ _id: 1 })) {
        const { hash, ...entry } = stored
        seq++
        if (entry._id !== seq) return { ok: false, seq, reason: 'An entry is missing.' }
        if (entry.prev !== prev || hashOf(entry) !== hash)
          return { ok: false, seq, reason: 'An entry was changed.' }
        if (head?.seq === seq && head.hash !== hash)
          return { ok: false, seq, reason: 'The chain was replaced.' }
        prev = hash
      }
      // The first entry's writer may have died before it noted the length.
      if (head ? head.seq > seq : seq > 1)
        return { ok: false, seq: seq + 1, reason: 'The end of the log is missing.' }
      return { ok: true, entries: seq }
    },
  }
}

export type AuditLog = ReturnType<typeof createAuditLog>

const isDuplicate = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === DUPLICATE_KEY
