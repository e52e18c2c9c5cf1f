#include "nn/links/model/vision/googlenet.h"

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/noise/noise.h"
#include "autograd/functions/normalization/normalization.h"
#include "autograd/functions/pooling/pooling.h"

namespace nn::inline links {
namespace {

Initializer googlenet_weights(const PretrainedModel& pretrained) {
  return pretrained ? initializers::Zero() : initializers::LeCunUniform();
}
Linear googlenet_linear(const PretrainedModel& pretrained, std::int64_t in, std::int64_t out) {
  return {in, out, {.initialW = googlenet_weights(pretrained)}};
}

}  // namespace

GoogLeNet::GoogLeNet(const PretrainedModel& p)
    : conv1(3, 64, 7, {.stride = 2, .pad = 3, .initialW = googlenet_weights(p)}),
      conv2_reduce(64, 64, 1, {.initialW = googlenet_weights(p)}),
      conv2(64, 192, 3, {.stride = 1, .pad = 1, .initialW = googlenet_weights(p)}),
      inc3a(192, 64, 96, 128, 16, 32, 32),
      inc3b(256, 128, 128, 192, 32, 96, 64),
      inc4a(480, 192, 96, 208, 16, 48, 64),
      inc4b(512, 160, 112, 224, 24, 64, 64),
      inc4c(512, 128, 128, 256, 24, 64, 64),
      inc4d(512, 112, 144, 288, 32, 64, 64),
      inc4e(528, 256, 160, 320, 32, 128, 128),
      inc5a(832, 256, 160, 320, 32, 128, 128),
      inc5b(832, 384, 192, 384, 48, 128, 128),
      loss3_fc(googlenet_linear(p, 1024, 1000)),
      loss1_conv(512, 128, 1, {.initialW = googlenet_weights(p)}),
      loss1_fc1(googlenet_linear(p, 2048, 1024)),
      loss1_fc2(googlenet_linear(p, 1024, 1000)),
      loss2_conv(528, 128, 1, {.initialW = googlenet_weights(p)}),
      loss2_fc1(googlenet_linear(p, 2048, 1024)),
      loss2_fc2(googlenet_linear(p, 1024, 1000)) {
  if (p) p.load(*this, "bvlc_googlenet.npz");
}

void GoogLeNet::list(Members& members) {
  members("conv1", conv1)("conv2_reduce", conv2_reduce)("conv2", conv2);
  members("inc3a", inc3a)("inc3b", inc3b)("inc4a", inc4a)("inc4b", inc4b)("inc4c", inc4c);
  members("inc4d", inc4d)("inc4e", inc4e)("inc5a", inc5a)("inc5b", inc5b);
  members("loss3_fc", loss3_fc)("loss1_conv", loss1_conv)("loss1_fc1", loss1_fc1);
  members("loss1_fc2", loss1_fc2)("loss2_conv", loss2_conv)("loss2_fc1", loss2_fc1);
  members("loss2_fc2", loss2_fc2);
}

std::vector<VisionModel::Layer> GoogLeNet::functions() {
  const auto of = [](auto& link) -> Function {
    return [&link](const Variable& x) { return link(x); };
  };
  const Function pool = [](const Variable& x) {
    return autograd::max_pooling_2d(x, 3, {.stride = 2});
  };
  const Function normalized = [](const Variable& x) {
    return autograd::local_response_normalization(x, {.n = 5, .k = 1, .alpha = 1e-4 / 5});
  };
  const Function dropped = [](const Variable& x) { return autograd::dropout(x, 0.4); };
  const Function pool7 = [](const Variable& x) {
    return autograd::average_pooling_2d(x, 7, {.stride = 1});
  };
  const Function pool5 = [](const Variable& x) {
    return autograd::average_pooling_2d(x, 5, {.stride = 3});
  };
  const Function relu = autograd::relu;
  const Function softmax = [](const Variable& x) { return autograd::softmax(x); };
  return {{"conv1", {of(conv1), relu}},
          {"pool1", {pool, normalized}},
          {"conv2_reduce", {of(conv2_reduce), relu}},
          {"conv2", {of(conv2), relu, normalized}},
          {"pool2", {pool}},
          {"inception_3a", {of(inc3a)}},
          {"inception_3b", {of(inc3b)}},
          {"pool3", {pool}},
          {"inception_4a", {of(inc4a)}},
          {"inception_4b", {of(inc4b)}},
          {"inception_4c", {of(inc4c)}},
          {"inception_4d", {of(inc4d)}},
          {"inception_4e", {of(inc4e)}},
          {"pool4", {pool}},
          {"inception_5a", {of(inc5a)}},
          {"inception_5b", {of(inc5b)}},
          {"pool5", {pool7}},
          {"loss3_fc", {dropped, of(loss3_fc)}},
          {"prob", {softmax}},
          {"loss1_fc2",
           {pool5, of(loss1_conv), relu, of(loss1_fc1), relu, of(loss1_fc2)},
           "inception_4a"},
          {"loss2_fc2",
           {pool5, of(loss2_conv), relu, of(loss2_fc1), relu, of(loss2_fc2)},
           "inception_4d"}};
}

Array GoogLeNet::prepare(autograd::ArrayLike image, std::optional<HeightWidth> size) {
  return prepared_image(image, size, {104.0, 117.0, 123.0});
}

}  // namespace nn::inline links
