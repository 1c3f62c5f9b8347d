"""Frequent words of languages, from which the language of a text is recognised; in small letters."""

from __future__ import annotations

WORDS = {
    "fr": (
        "le la les de des du un une et est en que qui dans pour pas sur au aux par ce cette ne se il elle "
        "on nous vous ils avec son sa ses leur plus mais comme ou où sont être a été d l n s qu c j"
    ),
    "en": (
        "the of and to in a is that it for was on are as with his they be at this have from or had by not "
        "but what all were when we there can an your which their if will has would been who he she you"
    ),
    "es": (
        "el la los las de del un una y es en que se no por con para su al lo como más pero sus le ha me si "
        "sin sobre este ya entre cuando todo esta ser son dos también fue había era muy hasta desde yo nos"
    ),
    "pt": (
        "o a os as de do da dos das um uma e é em que se não por com para seu sua ao no na nos nas como "
        "mais mas foi ele ela são está quando muito já também só pelo pela até isso você são ser tem eu"
    ),
    "it": (
        "il lo la i gli le di del della dei delle un una e è in che si non per con da al alla nel nella "
        "come più ma sono ha anche se questo suo sua ed o ci era dal essere io mi c l"
    ),
    "de": (
        "der die das und in zu den von mit ist des im für auf dem nicht ein eine als auch es an er hat aus "
        "bei sie nach wird einer um am sind noch wie einem über einen so zum war haben nur oder aber ich "
        "wir man"
    ),
    "nl": (
        "de het een van en in is dat op te zijn met voor niet aan er om ook als door maar bij uit naar dan "
        "nog wordt of tot heeft die deze over worden ik je hij ze was we"
    ),
    "pl": (
        "i w na z do się że nie to jest o jak po co za od tak ale dla przez czy są który tego jego przy tym "
        "było ten ta te już tylko ja ze może być a go mnie mi jej ich gdy pan"
    ),
    "cs": (
        "a se v na je že s z do o to i ve si jako pro by ale po k za byl jsem jak není od jeho tak bylo aby "
        "už které který nebo jen když co také než není jsou jsme však když má být ze před mu ho"
    ),
    "sk": (
        "a sa v na je že s z do o to i vo si ako pre by ale po k za bol som nie od jeho tak bolo aby už "
        "ktoré ktorý alebo len keď čo tiež než sú sme však má byť zo pred mu ho ktorá"
    ),
    "sv": (
        "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så "
        "kan när hon ut under eller efter man nu sin där vid mot"
    ),
    "da": (
        "og i at det som en på er af for med til den har de ikke om et han men var jeg sig fra vi så kan "
        "når hun ud under eller efter man nu sin der ved mod også blev havde"
    ),
    "fi": (
        "ja on ei se että oli hän joka mutta ovat kuin myös tai niin kun jos ole sen olla mukaan vain jo "
        "ollut sitä mitä nyt hänen minä he jotka sekä"
    ),
    "hu": (
        "a az és hogy nem is egy ez meg volt csak de már ha mint el azt még vagy kell lesz mert ki van aki "
        "fel ami minden ezt úgy lehet sem után"
    ),
    "ro": (
        "și de în a la cu pe nu că se din pentru este un o sau care mai sunt ca prin dar fost lui ce au fi "
        "să le al ale ei era când după această"
    ),
    "la": (
        "et in non est ad ut cum quod qui sed si ex de a per esse sunt enim quae autem hoc ab nec atque "
        "quam etiam aut eius vel tamen pro quo id me te"
    ),
    "ru": (
        "и в не на я что с он как это по но к у же за из вы так бы о от для мы его все а то она было ты был "
        "когда только их ли если уже или ни нет до мне при во со быть чтобы меня тебя него них нам вас вам "
        "себя этого этом этот эта это эти тем чем том той там где кто ведь даже надо можно нельзя есть раз "
        "ее её ему"
    ),
    "uk": (
        "і в не на що з я як у та це до за він але по від про так й для його ми вона вони був було бути або "
        "які який вже тільки при ще якщо щоб цього є із"
    ),
    "be": (
        "і ў не на што з я як у да гэта па за ён але ад пра так для яго мы яна яны быў было быць або які "
        "ўжо толькі пры яшчэ калі каб з'яўляецца"
    ),
    "bg": (
        "и на да в не се за от по с е че са като до това той към но или при съм има ще ги след му тя те си "
        "беше тази този което които само"
    ),
    "sr": (
        "и је у да се на за не од су са као али он то био или који што би из по ће све које сам ми већ када "
        "више о након бити i je u da se na za od su kao ali on to bio ili koji što bi iz po će sve koje sam "
        "mi već kada"
    ),
    "el": (
        "και το της την του η τα στο με για που από οι στη των δεν είναι ότι στην θα να σε μια ο ως ήταν "
        "αυτό τον τους κατά μας αλλά"
    ),
}
"""The words of each language (BCP 47), separated by spaces."""
