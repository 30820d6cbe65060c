import { describe, expect, it } from 'vitest';
import { waitOf } from '../ui/response-clock';

describe('how long a seller takes, as people say it', () => {
  it('never says less than it was', () => {
    expect(waitOf(0)).toEqual({ unit: 'minutes', count: 1 });
    expect(waitOf(59)).toEqual({ unit: 'minutes', count: 59 });
    expect(waitOf(60)).toEqual({ unit: 'hours', count: 1 });
    expect(waitOf(61)).toEqual({ unit: 'hours', count: 2 });
    expect(waitOf(2 * 1440 - 1)).toEqual({ unit: 'hours', count: 48 });
    expect(waitOf(2 * 1440)).toEqual({ unit: 'days', count: 2 });
    expect(waitOf(2 * 1440 + 1)).toEqual({ unit: 'days', count: 3 });
  });
});
