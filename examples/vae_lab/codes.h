#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "autograd/graph/variable.h"
#include "examples/vae/images.h"

// The latent space of a trained model, by numbers: what pictures of it show.
namespace vae::lab {

using Code = std::vector<float>;  // one z; of a conditional model with its class behind it

// A trained model between images and codes, without graphs and in test mode.
class Codec {
 public:
  // encode: x (n, pixels) -> the mean and the logarithm of the variance of q(z | x), both (n,
  // units)
  using Encode =
      std::function<std::pair<autograd::Variable, autograd::Variable>(const autograd::Variable& x)>;
  // decode: z (n, units) -> the pixels' means
  using Decode = std::function<autograd::Variable(const autograd::Variable& z)>;

  // With `classes` it is a conditional model: x and z carry their classes, with_classes().
  Codec(Encode encode, Decode decode, int classes = 0)
      : encode_(std::move(encode)), decode_(std::move(decode)), classes_(classes) {}
  int classes() const { return classes_; }

  // The means of the codes of images.
  std::vector<Code> encode(const autograd::Array& x) const;
  // The images of codes, float32(n, pixels).
  autograd::Array decode(std::span<const Code> codes) const;

  // One unit of the code over many images.
  struct Unit {
    int index;
    double kl = 0;        // the mean over x of its KL divergence from the prior, in nats
    double variance = 0;  // of its mean over x; NaN counts as 0
  };
  // At most so many units, those of the largest KL divergence first; NaN counts as 0 there.
  std::vector<Unit> most_active(const autograd::Array& x, std::size_t most) const;

 private:
  // mu and ln_var of a batch.
  std::pair<autograd::Array, autograd::Array> batch(const autograd::Array& x,
                                                    std::int64_t start) const;

  Encode encode_;
  Decode decode_;
  int classes_;
};

// Test images to show: with labels the first `each` of every class that has as many, the classes in
// order and at most `most` of them; without labels the first most * each images.
std::vector<std::int64_t> images_to_show(const ImageSet& images, int most, int each);

// The test image of each class that is nearest to the class's mean image, at most `most` of them,
// or without labels the first `most` test images. It depends on the data alone, not on a model.
std::vector<std::int64_t> typical_images(const ImageSet& images, int most);

// (1 - t) * from + t * to.
Code between(const Code& from, const Code& to, double t);

// `count` numbers from low to high at equal distances.
std::vector<double> spread(double low, double high, int count);

// The code with one unit at each of the values.
std::vector<Code> traversal(const Code& code, int unit, std::span<const double> values);

// Codes of two units on a square grid as one reads a map: z[0] grows to the right, z[1] upwards.
std::vector<Code> map_of(std::span<const double> values);

// The mean code of each class; empty for a class without codes. Labels lie in [0, classes).
std::vector<Code> class_means(std::span<const Code> codes, std::span<const int> labels,
                              int classes);

}  // namespace vae::lab
