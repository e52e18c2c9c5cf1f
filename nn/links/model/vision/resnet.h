#pragma once

#include <optional>
#include <string>
#include <vector>

#include "autograd/base/by_name.h"
#include "nn/links/connection/convolution.h"
#include "nn/links/connection/linear.h"
#include "nn/links/model/vision/vision_model.h"
#include "nn/links/normalization/batch_normalization.h"

namespace nn::inline links {

// The layers of a ResNet's block (He et al., arXiv:1512.03385). A is the first, which changes the
// number of channels and the size:
//   y = relu(h + bn4(conv4(x))),  h = bn3(conv3(relu(bn2(conv2(relu(bn1(conv1(x))))))))
// with the stride at conv1, or at conv2 if downsample_fb, and at conv4. conv2 has filters of size 3,
// the others of size 1; none has a bias.
class BottleneckA : public Polymorphic<BottleneckA> {
 public:
  BottleneckA(std::int64_t in_channels, std::int64_t mid_channels, std::int64_t out_channels,
              HeightWidth stride = 2, const Initializer& initialW = {}, bool downsample_fb = false);

  Variable operator()(const Variable& x);
  void list(Members& members) override;

  Convolution2D conv1;
  BatchNormalization bn1;
  Convolution2D conv2;
  BatchNormalization bn2;
  Convolution2D conv3;
  BatchNormalization bn3;
  Convolution2D conv4;
  BatchNormalization bn4;
};
// B keeps both: y = relu(h + x), with h as above.
class BottleneckB : public Polymorphic<BottleneckB> {
 public:
  BottleneckB(std::int64_t in_channels, std::int64_t mid_channels,
              const Initializer& initialW = {});

  Variable operator()(const Variable& x);
  void list(Members& members) override;

  Convolution2D conv1;
  BatchNormalization bn1;
  Convolution2D conv2;
  BatchNormalization bn2;
  Convolution2D conv3;
  BatchNormalization bn3;
};

// One layer A and n_layers - 1 layers B: a, b1, b2, ...
class BuildingBlock : public Polymorphic<BuildingBlock> {
 public:
  BuildingBlock(int n_layers, std::int64_t in_channels, std::int64_t mid_channels,
                std::int64_t out_channels, HeightWidth stride, const Initializer& initialW = {},
                bool downsample_fb = false);

  Variable operator()(const Variable& x);
  void list(Members& members) override;

  BottleneckA a;
  std::vector<BottleneckB> b;
};

struct ResNetLayersOptions {
  autograd::ByName by_name = {};
  bool downsample_fb = false;  // the stride at the 3x3 convolutions, as Facebook has it
};

// A residual network (He et al., arXiv:1512.03385) with 50, 101 or 152 layers: conv1, pool1, res2,
// res3, res4, res5, pool5, fc6, prob. Filters are drawn by HeNormal and fc6 by LeCunNormal, in the
// order of the members below, unless a pretrained model is loaded. Images may have any size.
class ResNetLayers : public VisionModel {
 public:
  // The published models' form of an image: in BGR minus the mean of their training, (3, size).
  static Array prepare(autograd::ArrayLike image,
                       std::optional<HeightWidth> size = HeightWidth(224));

  void list(Members& members) override;

  Convolution2D conv1;
  BatchNormalization bn1;
  BuildingBlock res2, res3, res4, res5;
  Linear fc6;

 protected:
  // The numbers of layers in res2, ..., res5.
  struct Depths {
    int res2, res3, res4, res5;
  };
  ResNetLayers(const PretrainedModel& pretrained_model, const Depths& depths, bool downsample_fb);
  std::vector<Layer> functions() override;
  std::string default_layer() const override { return "pool5"; }
  Array prepared(autograd::ArrayLike image, std::optional<HeightWidth> size) const override {
    return prepare(image, size);
  }
};

class ResNet50Layers : public ResNetLayers {
 public:
  explicit ResNet50Layers(const PretrainedModel& pretrained_model = {},
                          const ResNetLayersOptions& options = {});
};

class ResNet101Layers : public ResNetLayers {
 public:
  explicit ResNet101Layers(const PretrainedModel& pretrained_model = {},
                           const ResNetLayersOptions& options = {});
};

class ResNet152Layers : public ResNetLayers {
 public:
  explicit ResNet152Layers(const PretrainedModel& pretrained_model = {},
                           const ResNetLayersOptions& options = {});
};

}  // namespace nn::inline links
