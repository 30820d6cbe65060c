import { describe, expect, it } from 'vitest';
import { relative } from '../lib/dates';

describe('how far off a moment is', () => {
  const from = '2026-11-03T01:00:00Z';
  it('counts minutes, then hours, then days', () => {
    expect(relative(from, '2026-11-03T01:30:00Z', 'en-GB')).toBe('in 30 minutes');
    expect(relative(from, '2026-11-03T00:20:00Z', 'en-GB')).toBe('40 minutes ago');
    expect(relative(from, '2026-11-03T10:00:00Z', 'en-GB')).toBe('in 9 hours');
    expect(relative(from, '2026-11-05T01:00:00Z', 'en-GB')).toBe('in 2 days');
  });
});
