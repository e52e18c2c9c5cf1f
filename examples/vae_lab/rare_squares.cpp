#include "examples/vae_lab/rare_squares.h"

#include "autograd/array/compare.h"
#include "autograd/array/random.h"
#include "autograd/base/random.h"
#include "examples/vae/data.h"

namespace vae::lab {
namespace {

constexpr int kSide = 28, kSquare = 19;
constexpr double kNoise = 0.08, kShare = 0.02;

struct Images {
  Array x, labels;
};

Images draw(std::int64_t n, autograd::random::Generator& generator) {
  Images images{
      autograd::array::uniform(0, kNoise, {n, kSide, kSide}, autograd::Dtype::float32, generator),
      Array::zeros({n}, autograd::Dtype::int32)};
  constexpr int kMargin = (kSide - kSquare) / 2;
  int* const labels = images.labels.mutable_data<int>();
  for (std::int64_t i = 0; i < n; ++i) {
    if (generator.rand() >= kShare) continue;
    labels[i] = 1;
    images.x.select(0, i).slice(0, kMargin, kSquare).slice(1, kMargin, kSquare).fill(1);
  }
  images.x = images.x.reshape({n, kSide * kSide});
  return images;
}

}  // namespace

ImageSet rare_squares() {
  autograd::random::Generator generator(0);
  const Images train = draw(20'000, generator), test = draw(2'000, generator);
  return {.train = train.x,
          .test = test.x,
          .height = kSide,
          .width = kSide,
          .train_labels = train.labels,
          .test_labels = test.labels,
          .classes = 2};
}

ImageSet load_images(const std::string& data, bool binary, bool tiny) {
  if (data != "rare_squares") return vae::load_images(data, binary, tiny);
  ImageSet images = rare_squares();
  if (binary)
    for (Array* x : {&images.train, &images.test})
      *x = autograd::array::greater_equal(*x, Array::full({}, 0.5, x->dtype())).astype(x->dtype());
  if (tiny)
    for (Array* x : {&images.train, &images.test, &*images.train_labels, &*images.test_labels})
      *x = x->slice(0, 0, 100);
  return images;
}

}  // namespace vae::lab
