#include "nn/links/model/vision/resnet.h"

#include <fmt/format.h>

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/pooling/pooling.h"

namespace nn::inline links {
namespace {

Convolution2D bare_filters(std::int64_t in, std::int64_t out, HeightWidth ksize, HeightWidth stride,
                           HeightWidth pad, const Initializer& initialW) {
  return {in, out, ksize, {.stride = stride, .pad = pad, .nobias = true, .initialW = initialW}};
}

}  // namespace

BottleneckA::BottleneckA(std::int64_t in, std::int64_t mid, std::int64_t out, HeightWidth stride,
                         const Initializer& initialW, bool downsample_fb)
    : conv1(bare_filters(in, mid, 1, downsample_fb ? HeightWidth(1) : stride, 0, initialW)),
      bn1(mid),
      conv2(bare_filters(mid, mid, 3, downsample_fb ? stride : HeightWidth(1), 1, initialW)),
      bn2(mid),
      conv3(bare_filters(mid, out, 1, 1, 0, initialW)),
      bn3(out),
      conv4(bare_filters(in, out, 1, stride, 0, initialW)),
      bn4(out) {}

void BottleneckA::list(Members& members) {
  members("conv1", conv1)("bn1", bn1)("conv2", conv2)("bn2", bn2);
  members("conv3", conv3)("bn3", bn3)("conv4", conv4)("bn4", bn4);
}

Variable BottleneckA::operator()(const Variable& x) {
  const auto forward = [&] {
    Variable h = autograd::relu(bn1(conv1(x)));
    h = autograd::relu(bn2(conv2(h)));
    return autograd::relu(bn3(conv3(h)) + bn4(conv4(x)));
  };
  return hooked(forward, x);
}

BottleneckB::BottleneckB(std::int64_t in, std::int64_t mid, const Initializer& initialW)
    : conv1(bare_filters(in, mid, 1, 1, 0, initialW)),
      bn1(mid),
      conv2(bare_filters(mid, mid, 3, 1, 1, initialW)),
      bn2(mid),
      conv3(bare_filters(mid, in, 1, 1, 0, initialW)),
      bn3(in) {}

void BottleneckB::list(Members& members) {
  members("conv1", conv1)("bn1", bn1)("conv2", conv2)("bn2", bn2)("conv3", conv3)("bn3", bn3);
}

Variable BottleneckB::operator()(const Variable& x) {
  const auto forward = [&] {
    Variable h = autograd::relu(bn1(conv1(x)));
    h = autograd::relu(bn2(conv2(h)));
    return autograd::relu(bn3(conv3(h)) + x);
  };
  return hooked(forward, x);
}

BuildingBlock::BuildingBlock(int n_layers, std::int64_t in, std::int64_t mid, std::int64_t out,
                             HeightWidth stride, const Initializer& initialW, bool downsample_fb)
    : a(in, mid, out, stride, initialW, downsample_fb) {
  constexpr int kMostLayers = 1 << 16;
  if (n_layers < 1 || n_layers > kMostLayers)
    throw autograd::Error(fmt::format("BuildingBlock: n_layers must lie in [1, {}], but it is {}",
                                      kMostLayers, n_layers));
  for (int i = 1; i < n_layers; ++i) b.emplace_back(out, mid, initialW);
}

void BuildingBlock::list(Members& members) {
  members("a", a);
  for (std::size_t i = 0; i < b.size(); ++i) members(fmt::format("b{}", i + 1), b[i]);
}

Variable BuildingBlock::operator()(const Variable& x) {
  const auto forward = [&] {
    Variable h = a(x);
    for (BottleneckB& layer : b) h = layer(h);
    return h;
  };
  return hooked(forward, x);
}

static Initializer resnet_weights(const PretrainedModel& pretrained) {
  return pretrained ? initializers::Zero() : initializers::HeNormal();
}

ResNetLayers::ResNetLayers(const PretrainedModel& p, const Depths& depths, bool downsample_fb)
    : conv1(3, 64, 7, {.stride = 2, .pad = 3, .initialW = resnet_weights(p)}),
      bn1(64),
      res2(depths.res2, 64, 64, 256, 1, resnet_weights(p), downsample_fb),
      res3(depths.res3, 256, 128, 512, 2, resnet_weights(p), downsample_fb),
      res4(depths.res4, 512, 256, 1024, 2, resnet_weights(p), downsample_fb),
      res5(depths.res5, 1024, 512, 2048, 2, resnet_weights(p), downsample_fb),
      fc6(2048, 1000) {}

void ResNetLayers::list(Members& members) {
  members("conv1", conv1)("bn1", bn1)("res2", res2)("res3", res3)("res4", res4)("res5", res5);
  members("fc6", fc6);
}

std::vector<VisionModel::Layer> ResNetLayers::functions() {
  const auto block = [](BuildingBlock& link) {
    return std::vector<Function>{[&link](const Variable& x) { return link(x); }};
  };
  const auto mean = [](const Variable& x) {
    const auto height = static_cast<int>(x.length(2)), width = static_cast<int>(x.length(3));
    return autograd::reshape(autograd::average_pooling_2d(x, {height, width}, {.stride = 1}),
                             {x.length(0), x.length(1)});
  };
  return {
      {"conv1",
       {[this](const Variable& x) { return conv1(x); },
        [this](const Variable& x) { return bn1(x); }, autograd::relu}},
      {"pool1", {[](const Variable& x) { return autograd::max_pooling_2d(x, 3, {.stride = 2}); }}},
      {"res2", block(res2)},
      {"res3", block(res3)},
      {"res4", block(res4)},
      {"res5", block(res5)},
      {"pool5", {mean}},
      {"fc6", {[this](const Variable& x) { return fc6(x); }}},
      {"prob", {[](const Variable& x) { return autograd::softmax(x); }}}};
}

Array ResNetLayers::prepare(autograd::ArrayLike image, std::optional<HeightWidth> size) {
  return prepared_image(image, size, {103.063, 115.903, 123.152});
}

ResNet50Layers::ResNet50Layers(const PretrainedModel& pretrained_model,
                               const ResNetLayersOptions& o)
    : ResNetLayers(pretrained_model, {3, 4, 6, 3}, o.downsample_fb) {
  if (pretrained_model) pretrained_model.load(*this, "ResNet-50-model.npz");
}
ResNet101Layers::ResNet101Layers(const PretrainedModel& pretrained_model,
                                 const ResNetLayersOptions& o)
    : ResNetLayers(pretrained_model, {3, 4, 23, 3}, o.downsample_fb) {
  if (pretrained_model) pretrained_model.load(*this, "ResNet-101-model.npz");
}
ResNet152Layers::ResNet152Layers(const PretrainedModel& pretrained_model,
                                 const ResNetLayersOptions& o)
    : ResNetLayers(pretrained_model, {3, 8, 36, 3}, o.downsample_fb) {
  if (pretrained_model) pretrained_model.load(*this, "ResNet-152-model.npz");
}

}  // namespace nn::inline links
