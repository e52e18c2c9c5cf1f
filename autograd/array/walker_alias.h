#pragma once

#include <vector>

#include "autograd/array/array.h"
#include "autograd/base/random.h"

namespace autograd {

// Draws from a discrete distribution with n outcomes in constant time, by the alias method (A. J.
// Walker, 1974); Chainer's chainer.utils.WalkerAlias. The same seed gives the same outcomes as there.
class WalkerAlias {
 public:
  // `probs` (n) holds numbers in proportion to the probabilities, of any dtype; they are converted to
  // float32. Throws unless they are finite and not negative, and one is positive.
  explicit WalkerAlias(const Array& probs);

  // Outcomes in [0, n), int32. Each draws one number of the generator.
  Array sample(const Shape& shape, random::Generator& generator = random::generator()) const;
  Array sample(std::int64_t n, random::Generator& generator = random::generator()) const {
    return sample(Shape{n}, generator);
  }

  // With a place i chosen evenly, the outcome is values[2 i] with probability threshold[i], else
  // values[2 i + 1]: float32 (n) and int32 (2 n).
  const Array& threshold() const { return threshold_; }
  const Array& values() const { return values_; }

 private:
  Array threshold_, values_;
};

}  // namespace autograd
