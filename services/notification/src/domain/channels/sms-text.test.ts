import { describe, expect, it } from 'vitest';
import { smsKeyword, smsText } from './sms-text.js';

describe('the text of an SMS', () => {
  it.each([
    ['Rendez-vous demain à 9 h, Cabinet Bernard.', 'GSM-7', 1],
    ['x'.repeat(160), 'GSM-7', 1],
    ['x'.repeat(161), 'GSM-7', 2],
    ['x'.repeat(306), 'GSM-7', 2],
    ['x'.repeat(307), 'GSM-7', 3],
    ['€'.repeat(80), 'GSM-7', 1],
    ['€'.repeat(81), 'GSM-7', 2],
    // 153 places: of a sign that takes two, 76 fit in a part, and one place is left.
    ['€'.repeat(152), 'GSM-7', 2],
    ['€'.repeat(153), 'GSM-7', 3],
    ['я'.repeat(70), 'UCS-2', 1],
    ['я'.repeat(71), 'UCS-2', 2],
    ['я'.repeat(134), 'UCS-2', 2],
    ['👍'.repeat(35), 'UCS-2', 1],
    // 67 places: 33 signs of two, which are never cut.
    ['👍'.repeat(66), 'UCS-2', 2],
    ['👍'.repeat(67), 'UCS-2', 3],
  ])('%j counts as %s in %i', (text, encoding, parts) => {
    expect(smsText(text)).toEqual({ text, encoding, parts });
  });

  it.each([
    ['L’hôpital vous attend – à 9 h…', "L'hopital vous attend - à 9 h..."],
    ['Reçu « tout » : œuvre, être, maïs', 'Recu " tout " : oeuvre, etre, mais'],
    ['un\r\ndeux\ttrois\u200b', 'un\ndeux trois'],
    ['e\u0301te\u0301', 'été'],
  ])('writes %j as %j, which costs a third', (given, text) => {
    expect(smsText(given)).toEqual({ text, encoding: 'GSM-7', parts: 1 });
  });

  it('keeps the letters of a text that has others than Latin ones', () => {
    expect(smsText('Être – Здравствуйте')).toEqual({ text: 'Être - Здравствуйте', encoding: 'UCS-2', parts: 1 });
  });
});

describe('what somebody writes back', () => {
  it.each([
    ['STOP', 'stop'],
    [' stop. ', 'stop'],
    ['Arrêt', 'stop'],
    ['STOP SMS', 'stop'],
    ['START', 'start'],
    ['non stop', undefined],
    ['je viens', undefined],
    ['', undefined],
  ])('%j means %s', (text, keyword) => {
    expect(smsKeyword(text)).toBe(keyword);
  });
});
