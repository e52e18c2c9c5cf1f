#include "nn/training/trainer.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "autograd/base/random.h"
#include "nn/serializers/save_load.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/nn/training/fakes.h"

namespace nn::training {
namespace {

using autograd::Error;
using ::testing::ElementsAre;

// Writes down what happens to it.
class Noting : public Extension {
 public:
  Noting(std::string id, std::vector<std::string>& notes) : id_(std::move(id)), notes_(&notes) {}
  void operator()(Trainer& trainer) override {
    notes_->push_back(id_ + std::to_string(trainer.updater().iteration()));
  }
  std::string default_name() const override { return "Noting"; }
  void initialize(Trainer&) override { notes_->push_back(id_ + " initialize"); }
  void on_error(Trainer&, const std::exception& e) override {
    notes_->push_back(id_ + " " + e.what());
  }
  void finalize() override { notes_->push_back(id_ + " finalize"); }

 private:
  std::string id_;
  std::vector<std::string>* notes_;
};

TEST(Trainer, RunsExtensionsByPriorityAndThenInTheirOrder) {
  const Folder folder;
  std::vector<std::string> notes;
  CountingUpdater updater;
  updater.on_update = [&](std::int64_t i) { notes.push_back("update" + std::to_string(i)); };
  updater.on_finalize = [&] { notes.push_back("updater finalize"); };
  Trainer trainer(updater, {2, "iteration"}, folder / "out");
  trainer.extend(Noting("a", notes));
  trainer.extend(Noting("b", notes), {.priority = kPriorityWriter});
  trainer.extend(Noting("c", notes), {.trigger = {2, "iteration"}, .call_before_training = true});
  trainer.run();
  EXPECT_THAT(notes, ElementsAre("b initialize", "a initialize", "c initialize", "c0", "update1",
                                 "b1", "a1", "update2", "b2", "a2", "c2", "b finalize",
                                 "a finalize", "c finalize", "updater finalize"));
  EXPECT_TRUE(std::filesystem::is_directory(folder / "out"));
  EXPECT_EQ(message_of<Error>([&] { trainer.run(); }),
            "Trainer: run() must be called once, but the training is done");
}

TEST(Trainer, GivesEachExtensionANameOfItsOwn) {
  std::vector<std::string> notes;
  Trainer trainer(CountingUpdater(), {1, "iteration"});
  EXPECT_EQ(trainer.extend(Noting("a", notes)).name(), "Noting");
  EXPECT_EQ(trainer.extend(Noting("b", notes)).name(), "Noting_1");
  EXPECT_EQ(trainer.extend(Noting("c", notes)).name(), "Noting_2");
  Noting mine("d", notes);
  EXPECT_EQ(&trainer.extend(mine, {.name = "mine"}), &mine);
  trainer.extend([](Trainer&) {}, {.name = "function"});
  EXPECT_EQ(&trainer.get_extension("mine"), &mine);
  EXPECT_EQ(&trainer.get_extension<Noting>("mine"), &mine);
  EXPECT_EQ(message_of<Error>([&] { trainer.get_extension("LogReport"); }),
            "Trainer: the name of an extension must be one of Noting, Noting_1, Noting_2, mine, "
            "function, but it is LogReport");
  EXPECT_EQ(message_of<Error>([&] { trainer.get_extension<Noting>("function"); }),
            "Trainer: the extension function must have the requested type, but it has another");
  EXPECT_EQ(message_of<Error>([&] { trainer.extend([](Trainer&) {}, {}); }),
            "Trainer: an extension must have a name, but a function was given without one");
  EXPECT_EQ(message_of<Error>([&] { trainer.extend(mine, {.name = "training"}); }),
            "Trainer: an extension must have another name than \"training\", but one was given it");
}

TEST(Trainer, FinalizesAfterAnExceptionAndThrowsItAgain) {
  const Folder folder;
  std::vector<std::string> notes;
  CountingUpdater updater;
  updater.on_update = [](std::int64_t i) {
    if (i == 2) throw std::out_of_range("no more data");
  };
  updater.on_finalize = [&] { notes.push_back("updater finalize"); };
  Trainer trainer(updater, {5, "iteration"}, folder / "out");
  class Fails : public Noting {
    using Noting::Noting;
    void on_error(Trainer&, const std::exception&) override { throw Error("worse"); }
    void finalize() override { throw Error("worst"); }
  };
  trainer.extend(Fails("f", notes));
  trainer.extend(Noting("a", notes));
  const Screen screen;
  EXPECT_EQ(message_of<std::out_of_range>(
                [&] { trainer.run({.show_loop_exception_msg = screen.file()}); }),
            "no more data");
  EXPECT_THAT(notes, ElementsAre("f initialize", "a initialize", "f1", "a1", "a no more data",
                                 "a finalize", "updater finalize"));
  EXPECT_EQ(screen.text(),
            "Exception in main training loop: no more data\n"
            "Will finalize trainer extensions and updater before reraising the exception.\n"
            "Exception in error handler: worse\n");
}

TEST(Trainer, GivesAnExtensionOnlyWhatWasReportedInItsIteration) {
  const Folder folder;
  CountingUpdater updater;
  updater.on_update = [](std::int64_t i) { report({{"at" + std::to_string(i), i}}); };
  Trainer trainer(updater, {3, "iteration"}, folder / "out");
  std::vector<std::string> names;
  trainer.extend([](Trainer& t) { t.observation()["written"] = 5; },
                 {.name = "writer", .priority = kPriorityWriter});
  trainer.extend(
      [&](Trainer& t) {
        for (const auto& item : t.observation()) names.push_back(item.first);
      },
      {.name = "reader"});
  trainer.run();
  EXPECT_THAT(names, ElementsAre("at1", "written", "at2", "written", "at3", "written"));
}

TEST(Trainer, GoesOnWhereItWasSaved) {
  const Folder folder;
  Trainer trainer(CountingUpdater(), {2, "iteration"}, folder / "out");
  EXPECT_EQ(message_of<Error>([&] { trainer.elapsed_time(); }),
            "Trainer: elapsed_time() must be called after run() has begun, but it has not");
  trainer.set_clock(ticking(1));
  trainer.run();
  EXPECT_EQ(trainer.elapsed_time(), 1);  // the clock was read at the start and at the end
  autograd::random::seed(3);
  autograd::random::generator().standard_normal();
  const auto saved = serializers::save(serializers::serialize_of(trainer));
  const double next = autograd::random::generator().standard_normal();

  Trainer resumed(CountingUpdater(), {4, "iteration"}, folder / "out");
  resumed.set_clock(ticking(1));
  serializers::load(saved, serializers::serialize_of(resumed));
  EXPECT_EQ(autograd::random::generator().standard_normal(), next);
  EXPECT_EQ(resumed.updater().iteration(), 2);
  resumed.run();
  EXPECT_EQ(resumed.updater().iteration(), 4);
  EXPECT_EQ(resumed.elapsed_time(), 2);
}

TEST(Trainer, SaysWhereItCannotMakeItsFolder) {
  Trainer trainer(CountingUpdater(), {1, "iteration"}, "/dev/null/result");
  EXPECT_EQ(message_of<Error>([&] { trainer.run(); }),
            "Trainer: out must be a folder that can be created, but creating /dev/null/result "
            "failed: Not a directory");
  const Folder folder;
  folder.write("file", "");
  Trainer file(CountingUpdater(), {1, "iteration"}, folder / "file");
  EXPECT_EQ(message_of<Error>([&] { file.run(); }),
            "Trainer: out must be a folder that can be created, but creating " + (folder / "file") +
                " failed: Not a directory");
}

}  // namespace
}  // namespace nn::training
