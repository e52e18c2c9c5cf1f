"""Records what Chainer 7.8.1 computes, for losses_test.cpp: python3 record_chainer.py DIGITS EXAMPLE > chainer_losses.json

DIGITS is nn/datasets/digits.csv.gz and EXAMPLE the folder examples/vae of Chainer, whose net.py is the model `distributions`.
Each run is two epochs of 15 batches of 100 with Chainer's Trainer, StandardUpdater, SerialIterator, Evaluator and Adam. The
numbers drawn, in this order: the weights, link by link; the iterator's permutation, when it is made; the noise, batch by
batch; the next permutation when the last batch of an epoch is taken, before its noise; the noise of the test set.
"""
import gzip
import json
import sys
import tempfile

import chainer
import chainer.functions as F
import chainer.links as L
import numpy
from chainer import training
from chainer.training import extensions

sys.path.insert(0, sys.argv[2])
import net  # noqa: E402

RUNS = [('question', loss, False) for loss in ('bernoulli_nll', 'mean_squared_error', 'sum_squared_error')]
RUNS += [('distributions', 'bernoulli_nll', False), ('distributions', 'bernoulli_nll', True)]
SEEDS = 0, 7


class VAE(chainer.Chain):
    def __init__(self, n_in, n_latent, n_h, loss):
        super().__init__()
        self.loss = loss
        with self.init_scope():
            self.le1 = L.Linear(n_in, n_h)
            self.le2 = L.Linear(n_h, n_h)
            self.le3_mu = L.Linear(n_h, n_latent)
            self.le3_ln_var = L.Linear(n_h, n_latent)
            self.ld1 = L.Linear(n_latent, n_h)
            self.ld2 = L.Linear(n_h, n_h)
            self.ld3 = L.Linear(n_h, n_in)

    def __call__(self, x):
        h = F.tanh(self.le2(F.tanh(self.le1(x))))
        mu, ln_var = self.le3_mu(h), self.le3_ln_var(h)
        y = self.ld3(F.tanh(self.ld2(F.tanh(self.ld1(F.gaussian(mu, ln_var))))))
        if self.loss == 'bernoulli_nll':
            rec_loss = F.bernoulli_nll(x, y) / len(x)
        elif self.loss == 'mean_squared_error':
            rec_loss = F.mean_squared_error(x, F.sigmoid(y))
        else:
            rec_loss = F.mean(F.sum((x - F.sigmoid(y)) ** 2, axis=1))
        latent_loss = F.gaussian_kl_divergence(mu, ln_var) / len(x)
        loss = rec_loss + latent_loss
        chainer.report({'loss': loss, 'rec_loss': rec_loss, 'latent_loss': latent_loss}, self)
        return loss


def run(kind, loss, binary, seed):
    table = numpy.loadtxt(gzip.open(sys.argv[1]), delimiter=',')
    images = table[:, :64].astype(numpy.float32) * numpy.float32(1 / 16)
    if binary:
        images = (images >= 0.5).astype(numpy.float32)
    numpy.random.seed(seed)
    if kind == 'question':
        model = VAE(64, 20, 500, loss)
    else:
        model = net.AvgELBOLoss(net.make_encoder(64, 20, 500), net.make_decoder(64, 20, 500, binary_check=binary),
                                net.make_prior(20), beta=1.0, k=1)
    optimizer = chainer.optimizers.Adam()
    optimizer.setup(model)
    train_iter = chainer.iterators.SerialIterator(images[:1500], 100)
    test_iter = chainer.iterators.SerialIterator(images[1500:], 100, repeat=False, shuffle=False)
    with tempfile.TemporaryDirectory() as out:
        updater = training.updaters.StandardUpdater(train_iter, optimizer, loss_func=model)
        trainer = training.Trainer(updater, (2, 'epoch'), out=out)
        trainer.extend(extensions.Evaluator(test_iter, model))
        trainer.extend(extensions.LogReport())
        trainer.extend(extensions.LogReport(
            trigger=training.triggers.ManualScheduleTrigger(list(range(1, 21)), 'iteration'),
            filename='log_iteration'), name='first')
        trainer.run()
        logs = {name: json.load(open(out + '/' + name)) for name in ('log', 'log_iteration')}
    for row in logs['log'] + logs['log_iteration']:
        del row['elapsed_time']
    return {'model': kind, 'loss': loss, 'binary': binary, 'seed': seed, **logs}


print('{"made_by": "record_chainer.py with Chainer 7.8.1, NumPy %s, float32 on the CPU", "runs": [' % numpy.__version__)
print(',\n'.join(json.dumps(run(*r, seed)) for r in RUNS for seed in SEEDS))
print(']}')
