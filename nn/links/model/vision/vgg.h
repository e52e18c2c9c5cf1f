#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nn/links/connection/convolution.h"
#include "nn/links/connection/linear.h"
#include "nn/links/model/vision/vision_model.h"

namespace nn::inline links {

// VGG (Simonyan and Zisserman, arXiv:1409.1556) with 16 or 19 layers: conv1_1, conv1_2, pool1, ...,
// pool5, fc6, fc7, fc8, prob. Weights are drawn from N(0, 0.01^2), in the order of the members below,
// and biases are 0, unless a pretrained model is loaded. fc6 wants images of 224 x 224 pixels;
// smaller ones will do for the layers before it.
class VGGLayers : public VisionModel {
 public:
  // The published models' form of an image: in BGR minus the mean of their training, (3, size).
  static Array prepare(autograd::ArrayLike image,
                       std::optional<HeightWidth> size = HeightWidth(224));

  void list(Members& members) override;

  Convolution2D conv1_1, conv1_2, conv2_1, conv2_2, conv3_1, conv3_2, conv3_3, conv4_1, conv4_2,
      conv4_3, conv5_1, conv5_2, conv5_3;
  Linear fc6, fc7, fc8;
  std::optional<Convolution2D> conv3_4, conv4_4, conv5_4;  // of VGG19Layers

 protected:
  VGGLayers(const PretrainedModel& pretrained_model, bool has_19_layers);
  std::vector<Layer> functions() override;
  std::string default_layer() const override { return "fc7"; }
  Array prepared(autograd::ArrayLike image, std::optional<HeightWidth> size) const override {
    return prepare(image, size);
  }
};

class VGG16Layers : public VGGLayers {
 public:
  explicit VGG16Layers(const PretrainedModel& pretrained_model = {});
};

class VGG19Layers : public VGGLayers {
 public:
  explicit VGG19Layers(const PretrainedModel& pretrained_model = {});
};

}  // namespace nn::inline links
