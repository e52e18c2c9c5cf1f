#include "examples/vae_lab/binarize.h"

#include "autograd/array/random.h"

namespace vae::lab {

ImageSet drawn_once(ImageSet images) {
  autograd::random::Generator generator(0);
  images.test = autograd::array::bernoulli(images.test, generator);
  images.train = autograd::array::bernoulli(images.train, generator);
  return images;
}

}  // namespace vae::lab
