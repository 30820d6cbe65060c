import { describe, expect, it } from 'vitest';
import type { Company, OrderTerms } from '../api/types';
import { withHabits } from '../features/draft/habits';
import { emptyTerms } from '../features/draft/model';

const company = { id: 'b', name: 'Elbkontor', city: 'Hamburg', country: 'DE' } as Company;
const earlier = (seller: string, street: string): OrderTerms => ({
  ...emptyTerms(),
  buyer: 'b',
  seller,
  delivery_address: {
    name: 'Elbkontor',
    street,
    city: 'Hamburg',
    region: '',
    postcode: '20457',
    country: 'DE',
  },
  consignee: `Elbkontor at ${street}`,
  buyer_contact: { name: 'Britta', email: 'b@elb.example', phone: '+49 1' },
  seller_contact: { name: `Clerk of ${seller}`, email: 's@x.example', phone: '+86 1' },
});
const fresh = { ...emptyTerms(), buyer: 'b', seller: 's' };

describe('what a draft knows from earlier orders', () => {
  it('takes the last order between the two before any other', () => {
    const terms = withHabits(fresh, {
      bought: earlier('t', 'Quay 1'),
      between: earlier('s', 'Quay 2'),
      buyer: company,
    });
    expect(terms.delivery_address.street).toBe('Quay 2');
    expect(terms.seller_contact.name).toBe('Clerk of s');
  });
  it('takes the last purchase, but never the contact of another seller', () => {
    const terms = withHabits(fresh, { bought: earlier('t', 'Quay 1'), buyer: company });
    expect(terms.delivery_address.street).toBe('Quay 1');
    expect(terms.consignee).toBe('Elbkontor at Quay 1');
    expect(terms.buyer_contact.name).toBe('Britta');
    expect(terms.seller_contact.name).toBe('');
  });
  it('falls back to where the company is registered', () => {
    const terms = withHabits(fresh, { buyer: company });
    expect(terms.delivery_address).toMatchObject({ name: 'Elbkontor', city: 'Hamburg', country: 'DE' });
    expect(terms.consignee).toBe('Elbkontor');
  });
  it('leaves what was typed, and adds only the missing telephone', () => {
    const typed = {
      ...fresh,
      consignee: 'Warehouse',
      delivery_address: { ...fresh.delivery_address, city: 'Bremen' },
      buyer_contact: { name: 'Me', email: 'me@elb.example', phone: '' },
    };
    const terms = withHabits(typed, { bought: earlier('t', 'Quay 1'), buyer: company });
    expect(terms.consignee).toBe('Warehouse');
    expect(terms.delivery_address.street).toBe('');
    expect(terms.buyer_contact).toEqual({ name: 'Me', email: 'me@elb.example', phone: '+49 1' });
  });
  it('ignores orders of somebody else', () => {
    const foreign = { ...earlier('s', 'Quay 9'), buyer: 'other' };
    expect(withHabits(fresh, { bought: foreign, between: foreign }).delivery_address.street).toBe('');
  });
});
