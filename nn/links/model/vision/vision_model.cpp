#include "nn/links/model/vision/vision_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "autograd/base/check.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/config.h"
#include "nn/files/download.h"
#include "nn/serializers/save_load.h"

namespace nn::inline links {

void PretrainedModel::load(Link& model, const std::string& file) const {
  std::string path = path_;
  if (is_auto_) {
    path = (std::filesystem::path(dataset_root()) / "pfnet/chainer/models" / file).string();
    if (!std::filesystem::exists(path))
      throw autograd::Error(
          fmt::format("{}: the converted model must be there, or be given by its path, or be None, "
                      "but there is no file {}",
                      class_name(model), path));
  }
  if (path.ends_with(".caffemodel"))
    throw autograd::Error(
        fmt::format("{}: a model must be an npz file that Chainer has made of it, but it is {}",
                    class_name(model), path));
  serializers::load_npz(path, model);
}

std::vector<std::string> VisionModel::available_layers() {
  std::vector<std::string> names;
  for (const Layer& layer : functions()) names.push_back(layer.name);
  return names;
}

Dict<Variable> VisionModel::operator()(const Variable& x, const std::vector<std::string>& layers) {
  const std::vector<Layer> all = functions();
  std::size_t end = 0;  // after the last layer that is asked for
  for (const std::string& name : layers) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Layer& l) { return l.name == name; });
    if (found == all.end())
      throw autograd::Error(
          fmt::format("{}: a layer must be one of available_layers(), but there is no {}",
                      class_name(*this), name));
    end = std::max(end, static_cast<std::size_t>(found - all.begin()) + 1);
  }
  const auto forward = [&] {
    std::map<std::string, Variable> branches;  // those that later layers come from
    for (const Layer& layer : all)
      if (!layer.from.empty()) branches[layer.from];
    Dict<Variable> values;
    Variable h = x;
    for (std::size_t i = 0; i < end; ++i) {
      if (!all[i].from.empty()) h = branches.at(all[i].from);
      for (const Function& f : all[i].functions) h = f(h);
      if (std::find(layers.begin(), layers.end(), all[i].name) != layers.end())
        values[all[i].name] = h;
      if (const auto branch = branches.find(all[i].name); branch != branches.end())
        branch->second = h;
    }
    return values;
  };
  return hooked(forward, x);
}

Variable VisionModel::prepared_batch(const std::vector<Array>& images,
                                     std::optional<HeightWidth> size) const {
  if (images.empty())
    throw autograd::Error(
        fmt::format("{}: there must be an image, but there is none", class_name(*this)));
  std::vector<Array> all;
  for (const Array& image : images) all.push_back(prepared(image, size));
  Shape shape = all[0].shape();
  for (const Array& image : all)
    autograd::Check(class_name(*this), {{"the first", all[0]}, {"another", image}})
        .that(image.shape() == shape, "images that are not resized must have one size");
  Shape batch_shape{static_cast<std::int64_t>(all.size())};
  for (const std::int64_t length : shape) batch_shape.push_back(length);
  Array batch = Array::empty(batch_shape, all[0].dtype());
  for (std::size_t i = 0; i < all.size(); ++i) {
    Array place = batch.select(0, static_cast<std::int64_t>(i));
    place.assign(all[i]);
  }
  return Variable(batch);
}

Dict<Variable> VisionModel::extract(const std::vector<Array>& images,
                                    std::vector<std::string> layers,
                                    std::optional<HeightWidth> size) {
  if (layers.empty()) layers.push_back(default_layer());
  return (*this)(prepared_batch(images, size), layers);
}

Variable VisionModel::predict(const std::vector<Array>& images, bool oversampled) {
  constexpr std::int64_t kImage = 256, kPiece = 224, kMargin = (kImage - kPiece) / 2;
  constexpr std::int64_t kPieces = 10;
  const Array x = prepared_batch(images, HeightWidth(kImage)).array();
  const auto testing = autograd::using_config(&autograd::Config::train, false);
  const auto without_graph = autograd::no_backprop_mode();
  if (!oversampled)
    return (*this)(Variable(x.slice(2, kMargin, kPiece).slice(3, kMargin, kPiece)), {"prob"})
        .at("prob");
  const Variable y = (*this)(Variable(oversample(x, HeightWidth(kPiece))), {"prob"}).at("prob");
  const Variable of_each = autograd::reshape(y, {y.length(0) / kPieces, kPieces, y.length(1)});
  return autograd::sum(of_each, 1) / static_cast<double>(kPieces);
}

}  // namespace nn::inline links
