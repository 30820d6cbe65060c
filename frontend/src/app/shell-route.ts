import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { ApiProblem } from '../api/client';
import { meQuery } from '../api/queries';
import { root } from './root-route';

export const SECURITY = '/account/security';

/** The frame of every page behind the sign-in. */
export const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    try {
      const { security, seat } = await context.client.ensureQueryData(meQuery);
      if (!seat) throw redirect({ to: '/no-seat' });
      // Until the second factor is shown the server answers nothing else.
      if (security.second_factor_needed && location.pathname !== SECURITY) throw redirect({ to: SECURITY });
    } catch (fault) {
      if (fault instanceof ApiProblem && fault.status === 401)
        throw redirect({ to: '/sign-in', search: { back: location.href } });
      throw fault;
    }
  },
  component: lazyRouteComponent(() => import('./shell'), 'Shell'),
});
