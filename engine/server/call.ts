/** One call of one route, typed by its row in the route table. */
import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { RouteId, routes } from '../contract/api.ts'
import type { Json } from '../contract/json.ts'
import type { Caller } from './auth/caller.ts'
import type { OutputStream } from './parts.ts'

type Row<Id extends RouteId> = (typeof routes)[Id]

type ParamsOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Param<Name> & ParamsOf<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Param<Name>
    : unknown
type Param<Name extends string> = Record<Name, Name extends 'version' ? number : string>

type Parsed<Id extends RouteId, Part extends 'query' | 'body'> =
  Row<Id> extends Record<Part, infer Schema extends z.ZodType> ? z.output<Schema> : undefined

export interface Call<Id extends RouteId> {
  params: ParamsOf<Row<Id>['path']>
  query: Parsed<Id, 'query'>
  body: Parsed<Id, 'body'>
  caller: Row<Id>['access'] extends 'public' ? Caller | undefined : Caller
  req: Request
  res: Response
  /** Completes the audit entry; without it the subject is the path's `:id`. */
  note(entry: AuditNote): void
}

export interface AuditNote {
  who?: string
  subject?: string
  details?: Record<string, Json>
}

/** `file`: the bytes to send. `page`: what to show. `events`: the handler wrote them itself. */
export type Answer<Id extends RouteId> =
  Row<Id> extends { answers: 'file' }
    ? OutputStream
    : Row<Id> extends { answers: 'page' }
      ? Page
      : Row<Id> extends { answers: 'events' }
        ? void
        : z.input<Row<Id>['answer']>

/** HTML for people who are not signed in, or where to go instead. */
export type Page = { html: string } | { goTo: string }

export type Handler<Id extends RouteId> = (call: Call<Id>) => Promise<Answer<Id>>

/** A function for every row of the table: one that is missing does not compile. */
export type Handlers = { [Id in RouteId]: Handler<Id> }
/** The handlers one file of `routes/` brings. */
export type SomeHandlers<Id extends RouteId> = { [Each in Id]: Handler<Each> }
