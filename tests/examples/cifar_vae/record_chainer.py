"""Records what Chainer 7.8.1 computes, for net_test.cpp: python3 record_chainer.py > chainer_net.json

The network of VAE-CIFAR10_chainer with ch = 8 and 5 latent units on 6 images whose pixel i is (37 i mod 256) / 255:
three steps of Adam with numpy's seed 0, then the loss in test mode, which takes the running statistics; and the two
unused functions on arange.
"""
import json
import sys

import chainer
import chainer.distributions as D
import chainer.functions as F
import chainer.links as L
import numpy

CH, N_LATENT = 8, 5


def conv(n_in, n_out, ksize, stride, pad):
    return L.Convolution2D(n_in, n_out, ksize, stride, pad, initialW=chainer.initializers.Normal(0.02))


def linear(n_in, n_out):
    return L.Linear(n_in, n_out, initialW=chainer.initializers.Normal(0.02))


class Encoder(chainer.Chain):
    SHAPES = [('c0_0', 3, CH // 8, 3, 1), ('c0_1', CH // 8, CH // 4, 4, 2), ('c1_0', CH // 4, CH // 4, 3, 1),
              ('c1_1', CH // 4, CH // 2, 4, 2), ('c2_0', CH // 2, CH // 2, 3, 1), ('c2_1', CH // 2, CH, 4, 2),
              ('c3_0', CH, CH, 3, 1)]

    def __init__(self):
        super().__init__()
        with self.init_scope():
            for name, n_in, n_out, ksize, stride in self.SHAPES:
                setattr(self, name, conv(n_in, n_out, ksize, stride, 1))
            self.mu = linear(16 * CH, N_LATENT)
            self.ln_sigma = linear(16 * CH, N_LATENT)
            for name, _, n_out, _, _ in self.SHAPES[1:]:
                setattr(self, 'bn' + name[1:], L.BatchNormalization(n_out, use_gamma=False))

    def forward(self, h):
        for name, *_ in self.SHAPES:
            h = self[name](h)
            if name != 'c0_0':
                h = self['bn' + name[1:]](h)
            h = F.leaky_relu(h)
        return D.Normal(loc=self.mu(h), log_scale=self.ln_sigma(h))


class Decoder(chainer.Chain):
    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.l0 = linear(N_LATENT, 16 * CH)
            self.c1 = conv(CH, CH // 2, 3, 1, 1)
            self.c2 = conv(CH // 2, CH // 4, 3, 1, 1)
            self.c3 = conv(CH // 4, CH // 8, 3, 1, 1)
            self.c4 = conv(CH // 8, 3, 3, 1, 1)
            self.bn0 = L.BatchNormalization(16 * CH)
            self.bn1 = L.BatchNormalization(CH // 2)
            self.bn2 = L.BatchNormalization(CH // 4)
            self.bn3 = L.BatchNormalization(CH // 8)

    def forward(self, z):
        h = F.reshape(F.tanh(self.bn0(self.l0(z))), (len(z), CH, 4, 4))
        for i in (1, 2, 3):
            h = F.leaky_relu(self['bn%d' % i](self['c%d' % i](h)))
            h = F.unpooling_2d(h, 2, 2, 0, outsize=(4 * 2 ** i, 4 * 2 ** i))
        return F.sigmoid(self.c4(h))


class Loss(chainer.Chain):
    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.encoder = Encoder()
            self.decoder = Decoder()

    def forward(self, x):
        q_z = self.encoder(x)
        z = q_z.sample(1)
        p_z = D.Normal(numpy.zeros(N_LATENT, numpy.float32), scale=numpy.ones(N_LATENT, numpy.float32))
        reconstr = F.mean_squared_error(x * 255, self.decoder(z[0]) * 255)
        kl_penalty = F.mean(F.sum(chainer.kl_divergence(q_z, p_z), axis=-1))
        self.terms = [float(v.array) for v in (reconstr + kl_penalty, reconstr, kl_penalty)]
        return reconstr + kl_penalty


def feature_vector_normalization(x, eps=1e-8):
    return F.broadcast_to(1.0 / F.sqrt(F.mean(x * x, axis=1, keepdims=True) + eps), x.shape) * x


def minibatch_std(x):
    d = x - F.broadcast_to(F.mean(x, axis=0, keepdims=True), x.shape)
    sd = F.mean(F.sqrt(F.mean(d * d, axis=0, keepdims=True) + 1e-8), keepdims=True)
    return F.concat([x, F.broadcast_to(sd, (x.shape[0], 1) + x.shape[2:])], axis=1)


def main():
    numpy.random.seed(0)
    x = ((37 * numpy.arange(6 * 3072)) % 256).reshape(6, 3, 32, 32).astype(numpy.float32) / numpy.float32(255)
    model = Loss()
    optimizer = chainer.optimizers.Adam().setup(model)
    steps = []
    for _ in range(3):
        optimizer.update(model, x)
        steps.append(model.terms)
    with chainer.using_config('train', False), chainer.no_backprop_mode():
        model(x)
    small = numpy.arange(48, dtype=numpy.float32).reshape(2, 3, 2, 4)
    json.dump({
        'steps': steps,
        'test': model.terms,
        'parameters': sorted(name for name, _ in model.namedparams()),
        'avg_mean': model.encoder.bn3_0.avg_mean.tolist(),
        'feature_vector_normalization': feature_vector_normalization(small).array.ravel().tolist(),
        'minibatch_std': minibatch_std(small).array.ravel().tolist(),
    }, sys.stdout, indent=1)


if __name__ == '__main__':
    main()
