import { describe, expect, it } from 'vitest';
import { createLogger } from '../observe/log.js';
import { staleVersion } from './etag.js';
import { problemExit } from './problem.js';

/** What `problemExit` answers to something thrown. */
function answerTo(
  thrown: unknown,
  headers: Record<string, string> = {},
): { status: number; body: Record<string, unknown> } {
  const answer = { status: 0, body: {} };
  const res = {
    headersSent: false,
    set: () => res,
    type: () => res,
    status(code: number) {
      answer.status = code;
      return res;
    },
    send(text: string) {
      answer.body = JSON.parse(text);
      return res;
    },
  };
  const exit = problemExit(createLogger('test', 'silent'));
  exit(thrown, { headers } as never, res as never, () => {
    throw new Error('passed on');
  });
  return answer;
}

/** As tsoa throws it. */
const validateError = (fields: Record<string, { message: string; value?: unknown }>) =>
  Object.assign(new Error(''), { name: 'ValidateError', status: 400, fields });

const union = (...forms: object[]) =>
  `Could not match the union against any of the items. Issues: ${JSON.stringify(forms)}`;

describe('problemExit', () => {
  it('names the fields that tsoa refused as they stand in the body', () => {
    const { status, body } = answerTo(
      validateError({
        'body.givenNames.$0': { message: 'maxLength 100', value: 'x' },
        'body.birthDate': { message: "'birthDate' is required" },
        'body.shoeSize': {
          message: '"shoeSize" is an excess property and therefore is not allowed',
          value: 'shoeSize',
        },
      }),
    );
    expect(status).toBe(422);
    expect(body.fields).toEqual([
      { path: 'givenNames[0]', code: 'TOO_LONG', message: 'maxLength 100' },
      { path: 'birthDate', code: 'REQUIRED', message: 'is required' },
      { path: 'shoeSize', code: 'UNKNOWN_FIELD', message: 'is not a known field' },
    ]);
  });

  it('says of an id what it must be, and not by which pattern', () => {
    const pattern = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$';
    const { body } = answerTo(validateError({ id: { message: `Not match in '${pattern}'`, value: '42' } }));
    expect(body).toMatchObject({
      detail: 'id: must be a UUID',
      fields: [{ path: 'id', code: 'INVALID', message: 'must be a UUID' }],
    });
  });

  it('names the field within a value that may also be null, and never tells the value', () => {
    const { body } = answerTo(
      validateError({
        'body.address': {
          message: union(
            { 'body.address.city': { message: 'maxLength 100', value: 'a secret place' } },
            { 'body.address': { message: 'should be one of the following; [null]', value: 'a secret place' } },
          ),
        },
      }),
    );
    expect(body.fields).toEqual([{ path: 'address.city', code: 'TOO_LONG', message: 'maxLength 100' }]);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('follows a union within a union, and one of which no form fits', () => {
    const inner = union({ 'body.a.b': { message: 'maxLength 1' } }, { 'body.a.b': { message: 'invalid number' } });
    const { body } = answerTo(validateError({ 'body.a': { message: union({ 'body.a.b': { message: inner } }) } }));
    expect(body.fields).toEqual([{ path: 'a.b', code: 'TOO_LONG', message: 'maxLength 1' }]);
  });

  it('says of a text that must not be empty that it is required', () => {
    const { body } = answerTo(validateError({ 'body.familyName': { message: 'minLength 1' } }));
    expect(body.fields).toEqual([{ path: 'familyName', code: 'REQUIRED', message: 'is required' }]);
  });

  it('answers 412 only to who sent a condition: without one it is a conflict', () => {
    const codeOf = (headers: Record<string, string>) => {
      const { status, body } = answerTo(staleVersion(), headers);
      return [status, body.status, body.code];
    };
    expect(codeOf({ 'if-match': '"v1"' })).toEqual([412, 412, 'REQUEST.STALE_VERSION']);
    expect(codeOf({ 'if-none-match': '*' })).toEqual([412, 412, 'REQUEST.STALE_VERSION']);
    expect(codeOf({})).toEqual([409, 409, 'REQUEST.STALE_VERSION']);
  });
});
