#include "nn/datasets/image_dataset.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/base/check.h"

namespace nn::datasets {

using autograd::Error;
using autograd::Shape;

TupleDataset image_dataset(const Array& images, const Array& labels, double brightest,
                           const ImageOptions& options) {
  autograd::Check("images", {{"images", images}})
      .that(images.ndim() == 3 || images.ndim() == 4, "images must have 3 or 4 axes");
  const bool grey = images.ndim() == 3;
  if (options.ndim < 1 || options.ndim > 3 || (!grey && options.ndim == 2))
    throw Error(fmt::format("images: ndim must be {}, but it is {}",
                            grey ? "1, 2 or 3" : "1 or 3 with several channels", options.ndim));
  if (!is_float(options.dtype))
    throw Error(
        fmt::format("images: dtype must be float32 or float64, but it is {}", name(options.dtype)));
  if (options.withlabel && images.length(0) != labels.length(0))
    throw Error(fmt::format(
        "images: there must be a label for each image, but there are {} images and {} labels",
        images.length(0), labels.length(0)));
  const std::int64_t n = images.length(0);
  Array x = Array::empty(images.shape(), options.dtype);
  x.assign(images);
  autograd::visit_float(options.dtype, [&]<class T>(std::type_identity<T>) {
    const T factor = static_cast<T>(options.scale / brightest);
    T* p = x.mutable_data<T>();
    for (std::int64_t i = 0; i < x.size(); ++i) p[i] *= factor;
  });
  if (options.ndim == 1) x = x.reshape({n, n == 0 ? 0 : x.size() / n});
  if (options.ndim == 3 && grey) x = x.expand_dims(1);
  if (options.ndim == 3 && grey && options.rgb_format)
    x = x.broadcast_to({n, 3, images.length(1), images.length(2)});
  return options.withlabel ? TupleDataset(x, labels.astype(options.label_dtype)) : TupleDataset(x);
}

void require_labels(const Array& labels, std::int64_t classes, std::string_view what) {
  if (is_float(labels.dtype()) || labels.ndim() != 1)
    throw Error(
        fmt::format("{} must hold integers along one axis, but it is {}", what, describe(labels)));
  if (classes < 1)
    throw Error(fmt::format("{} must be of at least 1 class, but there are {}", what, classes));
  const auto values = labels.to_vector<std::int64_t>();
  const auto wrong = std::ranges::find_if(
      values, [classes](std::int64_t label) { return label < 0 || label >= classes; });
  if (wrong != values.end())
    throw Error(fmt::format("{} must hold labels from 0 to {}, but label {} is at {}", what,
                            classes - 1, *wrong, wrong - values.begin()));
}

}  // namespace nn::datasets
