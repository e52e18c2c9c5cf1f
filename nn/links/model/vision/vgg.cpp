#include "nn/links/model/vision/vgg.h"

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/noise/noise.h"
#include "autograd/functions/pooling/pooling.h"

namespace nn::inline links {
namespace {

Initializer vgg_weights(const PretrainedModel& pretrained) {
  return pretrained ? initializers::Zero() : initializers::Normal(0.01);
}
Convolution2D vgg_filters(const PretrainedModel& pretrained, std::int64_t in, std::int64_t out) {
  return {in, out, 3, {.stride = 1, .pad = 1, .initialW = vgg_weights(pretrained)}};
}
Linear vgg_linear(const PretrainedModel& pretrained, std::int64_t in, std::int64_t out) {
  return {in, out, {.initialW = vgg_weights(pretrained)}};
}

}  // namespace

VGGLayers::VGGLayers(const PretrainedModel& p, bool has_19_layers)
    : conv1_1(vgg_filters(p, 3, 64)),
      conv1_2(vgg_filters(p, 64, 64)),
      conv2_1(vgg_filters(p, 64, 128)),
      conv2_2(vgg_filters(p, 128, 128)),
      conv3_1(vgg_filters(p, 128, 256)),
      conv3_2(vgg_filters(p, 256, 256)),
      conv3_3(vgg_filters(p, 256, 256)),
      conv4_1(vgg_filters(p, 256, 512)),
      conv4_2(vgg_filters(p, 512, 512)),
      conv4_3(vgg_filters(p, 512, 512)),
      conv5_1(vgg_filters(p, 512, 512)),
      conv5_2(vgg_filters(p, 512, 512)),
      conv5_3(vgg_filters(p, 512, 512)),
      fc6(vgg_linear(p, 512 * 7 * 7, 4096)),
      fc7(vgg_linear(p, 4096, 4096)),
      fc8(vgg_linear(p, 4096, 1000)) {
  if (!has_19_layers) return;
  conv3_4 = vgg_filters(p, 256, 256);
  conv4_4 = vgg_filters(p, 512, 512);
  conv5_4 = vgg_filters(p, 512, 512);
}

VGG16Layers::VGG16Layers(const PretrainedModel& pretrained_model)
    : VGGLayers(pretrained_model, false) {
  if (pretrained_model) pretrained_model.load(*this, "VGG_ILSVRC_16_layers.npz");
}
VGG19Layers::VGG19Layers(const PretrainedModel& pretrained_model)
    : VGGLayers(pretrained_model, true) {
  if (pretrained_model) pretrained_model.load(*this, "VGG_ILSVRC_19_layers.npz");
}

void VGGLayers::list(Members& members) {
  members("conv1_1", conv1_1)("conv1_2", conv1_2)("conv2_1", conv2_1)("conv2_2", conv2_2);
  members("conv3_1", conv3_1)("conv3_2", conv3_2)("conv3_3", conv3_3)("conv4_1", conv4_1);
  members("conv4_2", conv4_2)("conv4_3", conv4_3)("conv5_1", conv5_1)("conv5_2", conv5_2);
  members("conv5_3", conv5_3)("fc6", fc6)("fc7", fc7)("fc8", fc8);
  members("conv3_4", conv3_4)("conv4_4", conv4_4)("conv5_4", conv5_4);
}

std::vector<VisionModel::Layer> VGGLayers::functions() {
  std::vector<Layer> all;
  const auto convolution = [&](const char* name, Convolution2D& link) {
    all.push_back({name, {[&link](const Variable& x) { return link(x); }, autograd::relu}});
  };
  const auto fourth = [&](const char* name, std::optional<Convolution2D>& link) {
    if (link) convolution(name, *link);
  };
  const auto pool = [&](const char* name) {
    all.push_back({name, {[](const Variable& x) { return autograd::max_pooling_2d(x, 2); }}});
  };
  const auto dropped = [&](const char* name, Linear& link) {
    all.push_back({name,
                   {[&link](const Variable& x) { return link(x); }, autograd::relu,
                    [](const Variable& x) { return autograd::dropout(x); }}});
  };
  convolution("conv1_1", conv1_1);
  convolution("conv1_2", conv1_2);
  pool("pool1");
  convolution("conv2_1", conv2_1);
  convolution("conv2_2", conv2_2);
  pool("pool2");
  convolution("conv3_1", conv3_1);
  convolution("conv3_2", conv3_2);
  convolution("conv3_3", conv3_3);
  fourth("conv3_4", conv3_4);
  pool("pool3");
  convolution("conv4_1", conv4_1);
  convolution("conv4_2", conv4_2);
  convolution("conv4_3", conv4_3);
  fourth("conv4_4", conv4_4);
  pool("pool4");
  convolution("conv5_1", conv5_1);
  convolution("conv5_2", conv5_2);
  convolution("conv5_3", conv5_3);
  fourth("conv5_4", conv5_4);
  pool("pool5");
  dropped("fc6", fc6);
  dropped("fc7", fc7);
  all.push_back({"fc8", {[this](const Variable& x) { return fc8(x); }}});
  all.push_back({"prob", {[](const Variable& x) { return autograd::softmax(x); }}});
  return all;
}

Array VGGLayers::prepare(autograd::ArrayLike image, std::optional<HeightWidth> size) {
  return prepared_image(image, size, {103.939, 116.779, 123.68});
}

}  // namespace nn::inline links
