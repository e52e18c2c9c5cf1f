#include "nn/datasets/image_dataset.h"

#include <fmt/format.h>

#include "autograd/base/check.h"

namespace nn::datasets {

using autograd::Error;
using autograd::Shape;

TupleDataset image_dataset(const Array& images, const Array& labels, double brightest,
                           const ImageOptions& options) {
  autograd::Check("images", {{"images", images}}).ndim(3);
  if (options.ndim < 1 || options.ndim > 3)
    throw Error(fmt::format("images: ndim must be 1, 2 or 3, but it is {}", options.ndim));
  if (!is_float(options.dtype))
    throw Error(
        fmt::format("images: dtype must be float32 or float64, but it is {}", name(options.dtype)));
  if (options.withlabel && images.length(0) != labels.length(0))
    throw Error(fmt::format(
        "images: there must be a label for each image, but there are {} images and {} labels",
        images.length(0), labels.length(0)));
  const std::int64_t n = images.length(0), height = images.length(1), width = images.length(2);
  Array x = Array::empty(images.shape(), options.dtype);
  x.assign(images);
  autograd::visit_float(options.dtype, [&]<class T>(std::type_identity<T>) {
    const T factor = static_cast<T>(options.scale / brightest);
    T* p = x.mutable_data<T>();
    for (std::int64_t i = 0; i < x.size(); ++i) p[i] *= factor;
  });
  if (options.ndim == 1) x = x.reshape({n, height * width});
  if (options.ndim == 3) x = x.expand_dims(1);
  if (options.ndim == 3 && options.rgb_format) x = x.broadcast_to({n, 3, height, width});
  return options.withlabel ? TupleDataset(x, labels.astype(options.label_dtype)) : TupleDataset(x);
}

}  // namespace nn::datasets
