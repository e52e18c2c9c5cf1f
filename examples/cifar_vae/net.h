#pragma once

#include "autograd/graph/variable.h"
#include "nn/distributions/normal.h"
#include "nn/links/connection/convolution.h"
#include "nn/links/connection/linear.h"
#include "nn/links/normalization/batch_normalization.h"

// The convolutional VAE for CIFAR-10 of maguro27/VAE-CIFAR10_chainer, which learns with a mean
// squared error. All functions and classes have the names of the notebook.
namespace cifar_vae {

using autograd::Variable;
namespace F = autograd;
namespace L = nn;
namespace D = nn::distributions;

// --- parts of the notebook that its network does not use

// Divides each pixel's vector over the channels by its root mean square. x: (B, C, H, W).
Variable feature_vector_normalization(const Variable& x, double eps = 1e-8);

// Adds a channel to x, (B, C + 1, H, W): the standard deviation over the batch, averaged over all
// elements.
Variable minibatch_std(const Variable& x);

// A convolution with weights from N(0, 1). It scales its input instead of its weights.
class EqualizedConv2d : public L::Chain {
 public:
  EqualizedConv2d(int in_ch, int out_ch, int ksize, int stride, int pad);
  Variable operator()(const Variable& x);
  void list(L::Members& members) override { members("c", c); }

  double inv_c;
  L::Convolution2D c;
};

class EqualizedLinear : public L::Chain {
 public:
  EqualizedLinear(int in_ch, int out_ch);
  Variable operator()(const Variable& x);
  void list(L::Members& members) override { members("c", c); }

  double inv_c;
  L::Linear c;
};

// --- the VAE

class Encoder : public L::Chain {
 public:
  explicit Encoder(int n_latent, int ch = 512, int bottom_width = 4, double wscale = 0.02);
  // q(z | x) of images (N, 3, 32, 32), pixels from 0 to 1.
  D::Normal operator()(const Variable& x);
  void list(L::Members& members) override;

 private:
  Encoder(int n_latent, int ch, int bottom_width, const nn::Initializer& w);

  L::Convolution2D c0_0, c0_1, c1_0, c1_1, c2_0, c2_1, c3_0;
  L::Linear mu, ln_sigma;
  L::BatchNormalization bn0_1, bn1_0, bn1_1, bn2_0, bn2_1, bn3_0;
};

class Decoder : public L::Chain {
 public:
  explicit Decoder(int n_latent, int bottom_width = 4, int ch = 512, double wscale = 0.02);
  // Images (N, 3, 32, 32) of codes (N, n_latent), pixels from 0 to 1.
  Variable operator()(const Variable& z);
  void list(L::Members& members) override;

 private:
  Decoder(int n_latent, int bottom_width, int ch, const nn::Initializer& w);

  int ch, bottom_width;
  L::Linear l0;
  L::Convolution2D c1, c2, c3, c4;
  L::BatchNormalization bn0, bn1, bn2, bn3;
};

class Prior : public L::Link {
 public:
  explicit Prior(int n_latent);
  D::Normal operator()();
  void list(L::Members& members) override;

 private:
  F::Array loc, scale;
};

// reconstr + beta * kl_penalty. reconstr is the mean squared error between x2 and `scale` times the
// images decoded from k samples of z. kl_penalty is the KL divergence, summed over the units and
// averaged over the batch.
class AvgELBOLoss : public L::Chain {
 public:
  AvgELBOLoss(const Encoder& encoder, const Decoder& decoder, const Prior& prior, double beta = 1,
              int k = 1, double scale = 255);
  // x1 is the input of the encoder; x2 is the target: `scale` times the image.
  Variable operator()(const Variable& x1, const Variable& x2);
  // The loss of images x with pixels from 0 to 1.
  Variable operator()(const Variable& x);
  void list(L::Members& members) override;

  Encoder encoder;
  Decoder decoder;
  Prior prior;

 private:
  double beta;
  int k;
  double scale;
};

}  // namespace cifar_vae
