#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "autograd/graph/array_like.h"
#include "nn/dict.h"
#include "nn/link.h"
#include "nn/links/model/vision/image.h"

namespace nn::inline links {

// What a vision model starts with: the values of an npz file that Chainer or this library saved, or
// None: drawn values. By default, as Chainer's 'auto', the file that Chainer leaves below
// dataset_root() in pfnet/chainer/models when it has converted the published model; nothing is
// downloaded.
class PretrainedModel {
 public:
  PretrainedModel() : is_auto_(true) {}
  // NOLINTBEGIN(google-explicit-constructor): as they are given in Chainer
  PretrainedModel(autograd::NoneType) {}
  PretrainedModel(std::string path) : path_(std::move(path)), is_auto_(path_ == "auto") {}
  PretrainedModel(const char* path) : PretrainedModel(std::string(path)) {}
  // NOLINTEND(google-explicit-constructor)

  explicit operator bool() const { return is_auto_ || !path_.empty(); }
  // The values are loaded into the model. `file` is the name of the file that 'auto' means.
  void load(Link& model, const std::string& file) const;

 private:
  std::string path_;
  bool is_auto_ = false;
};

// A network that classifies images, and whose layers can be asked by name. The published models want
// images that prepare() of their class has made.
class VisionModel : public Link {
 public:
  // The names that the functions below take, from the input to the output.
  std::vector<std::string> available_layers();

  // The values of these layers for images x (n, 3, height, width) by name, in the order of the
  // network. What lies above the last of them is not computed.
  Dict<Variable> operator()(const Variable& x, const std::vector<std::string>& layers = {"prob"});

  // The same for images as they come, (height, width, 3) and others (see as_rgb()). They are
  // resized unless the size is None. Without layers it is the model's default one. Set config().train
  // to false first, and use no_backprop_mode() where no gradient is needed.
  Dict<Variable> extract(const std::vector<Array>& images, std::vector<std::string> layers = {},
                         std::optional<HeightWidth> size = HeightWidth(224));

  // The probabilities of the 1000 classes, (n, 1000), in testing and without a graph. With
  // `oversample` they are means over ten pieces of each image (see oversample()), else those of its
  // center.
  Variable predict(const std::vector<Array>& images, bool oversample = true);

 protected:
  using Function = std::function<Variable(const Variable&)>;
  struct Layer {
    std::string name;
    std::vector<Function> functions;  // one after another
    std::string from = {};            // the layer before; by default the one above
  };
  // The layers from the input to the output, each after the one that it comes from.
  virtual std::vector<Layer> functions() = 0;
  virtual std::string default_layer() const = 0;
  virtual Array prepared(autograd::ArrayLike image, std::optional<HeightWidth> size) const = 0;

 private:
  Variable prepared_batch(const std::vector<Array>& images, std::optional<HeightWidth> size) const;
};

}  // namespace nn::inline links
