#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "autograd/graph/variable.h"
#include "examples/vae/images.h"

// The latent space of a trained model as numbers, for pictures.
namespace vae::lab {

using Code = std::vector<float>;  // one z; for a conditional model, followed by its class

// Converts between images and codes with a trained model, in test mode and without graphs.
class Codec {
 public:
  // encode: x (n, pixels) -> the mean and the logarithm of the variance of q(z | x), both (n,
  // units)
  using Encode =
      std::function<std::pair<autograd::Variable, autograd::Variable>(const autograd::Variable& x)>;
  // decode: z (n, units) -> the pixels' means
  using Decode = std::function<autograd::Variable(const autograd::Variable& z)>;

  // If `classes` is not 0, the model is conditional: x and z have their classes as further columns,
  // with_classes().
  Codec(Encode encode, Decode decode, int classes = 0)
      : encode_(std::move(encode)), decode_(std::move(decode)), classes_(classes) {}
  int classes() const { return classes_; }

  // The means of the codes of images x.
  std::vector<Code> encode(const autograd::Array& x) const;
  // The images of codes, float32(n, pixels).
  autograd::Array decode(std::span<const Code> codes) const;

  // One unit of the code over many images.
  struct Unit {
    int index;
    double kl = 0;        // the mean over x of its KL divergence from the prior, in nats
    double variance = 0;  // of its mean over x; NaN counts as 0
  };
  // At most `most` units, in descending order of their KL divergence; NaN counts as 0.
  std::vector<Unit> most_active(const autograd::Array& x, std::size_t most) const;

 private:
  // mu and ln_var of a batch.
  std::pair<autograd::Array, autograd::Array> batch(const autograd::Array& x,
                                                    std::int64_t start) const;

  Encode encode_;
  Decode decode_;
  int classes_;
};

// Chooses test images for pictures. With labels: the first `each` images of every class that has at
// least `each` images, in the order of the classes, for at most `most` classes. Without labels: the
// first most * each images.
std::vector<std::int64_t> images_to_show(const ImageSet& images, int most, int each);

// The test image of each class that is nearest to the class's mean image, for at most `most`
// classes; without labels, the first `most` test images. Depends on the data alone, not on a model.
std::vector<std::int64_t> typical_images(const ImageSet& images, int most);

// (1 - t) * from + t * to.
Code between(const Code& from, const Code& to, double t);

// `count` equally spaced numbers from low to high.
std::vector<double> spread(double low, double high, int count);

// Copies of the code in which one unit has each of the values in turn.
std::vector<Code> traversal(const Code& code, int unit, std::span<const double> values);

// Codes of two units on a square grid, row by row from the top: z[0] grows to the right, z[1]
// upwards.
std::vector<Code> map_of(std::span<const double> values);

// The mean code of each class; empty for a class without codes. Labels lie in [0, classes).
std::vector<Code> class_means(std::span<const Code> codes, std::span<const int> labels,
                              int classes);

}  // namespace vae::lab
