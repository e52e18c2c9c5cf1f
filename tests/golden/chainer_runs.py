"""Runs the entries of a golden set with Chainer. record.py is the program that uses this module."""

import builtins
import importlib
import os
import sys
import types
import warnings

import numpy as np

# The names that a call may use: chainer, F, L, D, I and np. import_chainer() fills it.
CHAINER = {}


class Failure(Exception):
    """A mistake in the arguments or in the files, said in one sentence."""


def describe(error):
    """An exception in one line of at most 174 characters, as second_order_why has it."""
    return ('%s: %s' % (type(error).__name__, ' '.join(str(error).split())))[:174]


def import_chainer(directory):
    """Imports Chainer from its checkout and returns its version.

    It puts back the names that newer versions of numpy dropped, and the module
    that only a build of ChainerX writes.
    """
    if not os.path.isdir(os.path.join(directory, 'chainer')):
        raise Failure('--chainer: %s contains no folder named chainer' % directory)
    for name in ('bool', 'int', 'float', 'complex', 'object', 'str'):
        if name not in np.__dict__:
            setattr(np, name, getattr(builtins, name))
    build_info = types.ModuleType('chainerx._build_info')
    build_info.build_chainerx = build_info.build_cuda = False
    sys.modules['chainerx._build_info'] = build_info
    sys.path.insert(0, os.path.abspath(directory))
    warnings.simplefilter('ignore')
    try:
        chainer = importlib.import_module('chainer')
        importlib.import_module('chainer.link_hooks')
    except ImportError as error:
        raise Failure('--chainer: Chainer cannot be imported from %s: %s' % (directory, error))
    CHAINER.update(chainer=chainer, F=chainer.functions, L=chainer.links, D=chainer.distributions,
                   I=chainer.initializers, np=np)
    return chainer.__version__


def array_of(value):
    """The array of a variable, an array or a number."""
    return np.array(value.array if isinstance(value, CHAINER['chainer'].Variable) else value)


def flatten(value):
    """The outputs of a call as one list: lists and tuples may be nested."""
    if isinstance(value, (list, tuple)):
        return [v for part in value for v in flatten(part)]
    return [value]


def own_types(entry):
    """Whether an output is float16 or float64: then the case ran in the types that it names."""
    return any(output['dtype'] in ('float16', 'float64') for output in entry['outputs'])


def call(entry, arrays, dtype):
    """Makes the link, calls it, and returns (variables by name, outputs, arrays after the call).

    Float arrays are converted to dtype first; None keeps their types. Chainer's type check is off,
    because it refuses float64 for some functions whose code is right for any float type.
    """
    chainer, names, variables = CHAINER['chainer'], dict(CHAINER), {}
    config = dict(entry.get('config', {}), dtype=np.dtype(dtype or 'float32'), type_check=False)
    saved = {key: getattr(chainer.config, key) for key in config}
    try:
        for key, value in config.items():
            setattr(chainer.config, key, value)
        if 'link' in entry:
            names['link'] = eval(entry['link'], names)
            params = {path[1:]: p for path, p in names['link'].namedparams()}
        for given in entry['inputs']:
            name, role, a = given['name'], given['role'], arrays[given['name']].copy()
            a = a.astype(dtype) if dtype and a.dtype.kind == 'f' else a
            if role == 'param':
                variables[name] = params[name]
                if variables[name].array is None:
                    variables[name].initialize(a.shape)
                variables[name].array = a
            elif role == 'input' and a.dtype.kind == 'f':
                names[name] = variables[name] = chainer.Variable(a)
            else:
                names[name] = a
        if is_program(entry['call']):
            exec(entry['call'], names)
            outputs = flatten(names['ys'])
        else:
            outputs = flatten(eval(entry['call'], names))
        after = {key: array_of(eval(path, names)) for key, path in entry.get('after', {}).items()}
    finally:
        for key, value in saved.items():
            setattr(chainer.config, key, value)
    return variables, outputs, after


def is_program(text):
    """Whether a call consists of statements that set ys, and not of one expression."""
    return '\n' in text or text.startswith('ys =')


def run_case(entry, arrays, dtype):
    """All arrays that Chainer computes for a case, by name, in the types of its computation."""
    chainer, F = CHAINER['chainer'], CHAINER['F']
    variables, outputs, made = call(entry, arrays, dtype)
    if len(outputs) != len(entry['outputs']):
        raise Failure('%s: the entry lists %d outputs, but the call gave %d' %
                      (entry['name'], len(entry['outputs']), len(outputs)))
    made.update({o['name']: array_of(y) for o, y in zip(entry['outputs'], outputs)})
    ys, gys = [], {}
    for o, y in zip(entry['outputs'], outputs):
        if 'gy' in o:
            ys.append(y)
            gys['g' + o['name']] = chainer.Variable(arrays[o['gy']].astype(y.dtype))
    xs = {i['name']: variables[i['name']] for i in entry['inputs'] if 'grad' in i}
    if not ys or not xs:
        return made
    second = any('gg' in i for i in entry['inputs'])
    with chainer.using_config('type_check', False):
        grads = chainer.grad(ys, list(xs.values()), list(gys.values()),
                             enable_double_backprop=second)
        grads = {name: g for name, g in zip(xs, grads) if g is not None}
        made.update({'g' + name: g.array for name, g in grads.items()})
        weights = {i['name']: arrays[i['gg']] for i in entry['inputs']
                   if 'gg' in i and i['name'] in grads}
        if second and weights:
            s = sum(F.sum(grads[name] * w.astype(grads[name].dtype)) for name, w in weights.items())
            of = dict(xs, **gys)
            grads2 = chainer.grad([s], list(of.values()))
            made.update({'g2' + name: g.array for name, g in zip(of, grads2) if g is not None})
    return made


def run_optimizer(entry, problem, dtype):
    """The parameters after each step of an optimizer and its states after the last."""
    chainer = CHAINER['chainer']
    make_hook = lambda h: getattr(chainer.optimizer_hooks, h['hook'])(
        **{k: v for k, v in h.items() if k not in ('hook', 'timing', 'param')})
    link, made = chainer.Link(), {}
    initial = {key[5:]: a.astype(dtype) for key, a in problem.items() if key.startswith('init/')}
    with link.init_scope():
        for name, a in initial.items():
            setattr(link, name, chainer.Parameter(a))
    optimizer = getattr(chainer.optimizers, entry['optimizer'])(**entry['arguments']).setup(link)
    for h in entry['hooks']:
        hook = make_hook(h)
        hook.timing = h.get('timing', hook.timing)
        optimizer.add_hook(hook)
    for name, values in entry.get('per_parameter', {}).items():
        for key, value in values.items():
            setattr(getattr(link, name).update_rule.hyperparam, key, value)
    for name in entry.get('frozen', []):
        getattr(link, name).update_rule.enabled = False
    if 'rule_hook' in entry:
        h = entry['rule_hook']
        getattr(link, h['param']).update_rule.add_hook(make_hook(h))
    if 'seed' in entry:
        np.random.seed(entry['seed'])
    trace = {name: [] for name in initial}
    none = entry.get('grad_none', {})
    for step in range(1, entry['steps'] + 1):
        for key, values in entry.get('schedule', {}).items():
            setattr(optimizer, key, values[step - 1])
        for name in initial:
            grad = problem['grad/' + name][step - 1].astype(dtype)
            if entry.get('zero_grad', {}).get('step') == step:
                grad = np.zeros_like(grad)
            if (none.get('step'), none.get('param')) == (step, name):
                grad = None
            getattr(link, name).grad = grad
        optimizer.update()
        for name in initial:
            trace[name].append(getattr(link, name).array.copy())
    for name in initial:
        made['param/' + name] = np.stack(trace[name])
        state = getattr(link, name).update_rule.state or {}
        made.update({'state/%s/%s' % (name, key): np.array(state[key])
                     for key in entry['states'] if key in state})
    return made


def run_random(entry):
    """What numpy's legacy generator gives after each seed, and its next number."""
    made = {}
    for seed, key in zip(entry['seeds'], entry['keys']):
        np.random.seed(seed)
        made[key[len(entry['name']) + 1:]] = np.array(eval(entry['call'], dict(CHAINER)))
        made[key[len(entry['name']) + 1:] + '/next'] = np.array(np.random.random_sample())
    return made


def run_initializer(entry):
    """The array that an initializer fills, and the generator's next number."""
    a = np.empty(entry['shape'], entry['dtype'])
    np.random.seed(entry['seed'])
    eval(entry['initializer'], dict(CHAINER))(a)
    return {'': a, 'next': np.array(np.random.random_sample())}


def part_of(name, entry):
    """The part of err32 to which an array of an entry belongs, or None."""
    if 'optimizer' in entry:
        return name.split('/')[0]
    if any(name == o['name'] for o in entry['outputs']):
        return 'y'
    if any(name == i.get('grad') for i in entry['inputs']):
        return 'gx'
    return 'g2' if name.startswith('g2') else None


def error32(entry, exact, single):
    """err32 of an entry: for each part the largest max|a - b| / max(1, max|b|), with two digits."""
    errors = dict.fromkeys(('param', 'state')) if 'optimizer' in entry else {}
    for name, b in exact.items():
        part = part_of(name, entry)
        known = np.isfinite(b) & np.isfinite(single[name])
        if part and b.dtype.kind == 'f' and known.any():
            a, b = single[name][known].astype(np.float64), b[known].astype(np.float64)
            error = np.max(np.abs(a - b), initial=0.0) / max(1.0, np.max(np.abs(b), initial=0.0))
            errors[part] = max(errors.get(part) or 0.0, float('%.2g' % error))
    return errors


def run(golden, section, entry, name, file, with_error=False):
    """(what Chainer computes for an entry, rounded to the types of the set, and its err32 or None)."""
    if section == 'random':
        return run_random(entry), None
    if section == 'initializers':
        return run_initializer(entry), None
    if section == 'optimizers':
        problem = golden.stored('problem', file)
        runner = lambda dtype: run_optimizer(entry, problem, dtype)
    else:
        arrays = golden.stored(name, file)
        runner = lambda dtype: run_case(entry, arrays, None if own_types(entry) else dtype)
    with np.errstate(all='ignore'):
        exact = runner(np.float64)
        err32 = error32(entry, exact, runner(np.float32)) if with_error else None
    if section == 'optimizers' or not own_types(entry):
        exact = {key: a.astype(np.float32) if a.dtype == np.float64 else a
                 for key, a in exact.items()}
    return exact, err32
