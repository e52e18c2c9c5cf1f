#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nn/links/connection/inception.h"
#include "nn/links/connection/linear.h"
#include "nn/links/model/vision/vision_model.h"

namespace nn::inline links {

// GoogLeNet (Szegedy et al., arXiv:1409.4842): conv1, pool1, conv2_reduce, conv2, pool2,
// inception_3a, ..., inception_5b, pool5, loss3_fc, prob, and the classifiers at inception_4a and
// inception_4d, loss1_fc2 and loss2_fc2. Weights are drawn by LeCunUniform, those of the Inceptions
// by LeCunNormal, in the order of the members below, unless a pretrained model is loaded. The
// layers from pool5 on want images of 224 x 224 pixels.
class GoogLeNet : public VisionModel {
 public:
  explicit GoogLeNet(const PretrainedModel& pretrained_model = {});

  // The published model's form of an image: in BGR minus the mean of its training, (3, size).
  static Array prepare(autograd::ArrayLike image,
                       std::optional<HeightWidth> size = HeightWidth(224));

  void list(Members& members) override;

  Convolution2D conv1, conv2_reduce, conv2;
  Inception inc3a, inc3b, inc4a, inc4b, inc4c, inc4d, inc4e, inc5a, inc5b;
  Linear loss3_fc;
  Convolution2D loss1_conv;
  Linear loss1_fc1, loss1_fc2;
  Convolution2D loss2_conv;
  Linear loss2_fc1, loss2_fc2;

 protected:
  std::vector<Layer> functions() override;
  std::string default_layer() const override { return "pool5"; }
  Array prepared(autograd::ArrayLike image, std::optional<HeightWidth> size) const override {
    return prepare(image, size);
  }
};

}  // namespace nn::inline links
