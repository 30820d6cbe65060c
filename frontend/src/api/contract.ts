/** What each route asks for and answers, read from the generated paths. */
import type { paths } from './schema.gen';

export type Method = 'get' | 'post' | 'put' | 'delete';

type Base = '/api/v1';

/** The routes that answer a method, without the prefix all of them share. */
export type Route<M extends Method> = {
  [P in keyof paths]: P extends `${Base}${infer R}`
    ? paths[P] extends Record<M, object>
      ? R
      : never
    : never;
}[keyof paths];

type Operation<M extends Method, R extends Route<M>> = `${Base}${R}` extends keyof paths
  ? paths[`${Base}${R}`][M]
  : never;

/** True for the places of a request that a route leaves empty (`never` in the generated types). */
type IsNothing<T> = [Exclude<T, undefined>] extends [never] ? true : false;

type PathPart<O> = O extends { parameters: { path: infer V } } ? { path: V } : unknown;

type QueryPart<O> = O extends { parameters: { query: infer V } }
  ? { query: V }
  : O extends { parameters: { query?: infer V } }
    ? IsNothing<V> extends true
      ? unknown
      : { query?: V }
    : unknown;

/** A route that moves value demands the key of the user's intent; others take one. */
type KeyPart<O> = O extends { parameters: { header: { 'Idempotency-Key': string } } }
  ? { key: string }
  : { key?: string };

type VersionPart<O> = O extends { parameters: { header: { 'If-Match': string } } }
  ? { version: number }
  : unknown;

type BodyPart<O> = O extends { requestBody: { content: infer C } }
  ? C extends { 'application/json': infer B }
    ? { body: B }
    : { raw: { content: BodyInit; type: string } }
  : unknown;

/** What a call of the route must and may bring. */
export type Asked<M extends Method, R extends Route<M>> = { signal?: AbortSignal } & PathPart<
  Operation<M, R>
> &
  QueryPart<Operation<M, R>> &
  KeyPart<Operation<M, R>> &
  VersionPart<Operation<M, R>> &
  BodyPart<Operation<M, R>>;

type Done = 200 | 201 | 202 | 204;

type Responses<O> = O extends { responses: infer S } ? S[keyof S & Done] : never;

/** What the route answers when it does what was asked. */
export type Answer<M extends Method, R extends Route<M>> =
  Responses<Operation<M, R>> extends infer S
    ? S extends { content: { 'application/json': infer T } }
      ? T
      : undefined
    : never;
