// The chart as a Restate virtual object: Restate keeps each call in its log, and the state with it,
// before it answers. Timers are kept in the state, not as delayed calls, which would cost it more.
// Usage: node restate_service.mjs   prints its port, which Restate calls
import { createServer } from 'node:http2';

import * as restate from '@restatedev/restate-sdk';
import { initialTransition, transition } from 'xstate';

import { machine } from './readiness.mjs';

const roles = new Map([['sme', 'sme'], ['mentor', 'mentor']]);  // by token

function first() {
    const [snapshot] = initialTransition(machine);
    return { sequence: 1, snapshot, timers: {} };
}

// The timers that stand after these actions: their delays by id.
function timersAfter(timers, actions) {
    const after = { ...timers };
    for (const { type, params } of actions) {
        if (type === 'xstate.raise') {
            after[params.id] = params.delay;
        } else if (type === 'xstate.cancel') {
            delete after[params.sendId];
        }
    }
    return after;
}

async function events(ctx, { event, data }) {
    const by = roles.get(ctx.request().headers.get('authorization')?.replace('Bearer ', ''));
    if (by === undefined) {
        throw new restate.TerminalError('whose token is that?', { errorCode: 401 });
    }
    const { sequence, snapshot, timers } = (await ctx.get('stored')) ?? first();
    const before = machine.resolveState(snapshot);
    const input = { ...data, type: event, by };
    if (!before.can(input)) {
        throw new restate.TerminalError(`${event} is not possible now`, { errorCode: 409 });
    }
    const [{ value, context, historyValue }, actions] = transition(machine, before, input);
    ctx.set('stored', {
        sequence: sequence + 1,
        snapshot: { value, context, historyValue },
        timers: timersAfter(timers, actions),
    });
    return { sequence: sequence + 1, instance: { id: ctx.key, state: value, context } };
}

const instance = restate.object({ name: 'instances', handlers: { events } });
const server = createServer(restate.createEndpointHandler({ services: [instance] }));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
